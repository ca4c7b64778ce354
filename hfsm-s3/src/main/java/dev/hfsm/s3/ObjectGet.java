package dev.hfsm.s3;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Asks for objects or parts of them, and sees to it that an answer is what was asked for: a server,
 * or something in front of it, may take no notice of the range. Thread-safe.
 */
final class ObjectGet {

  private static final int WHOLE = 200;
  private static final int PART = 206;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

  private final S3Client client;
  private final ObjectRequests requests;
  private final S3Errors errors;

  ObjectGet(S3Client client, ObjectRequests requests, S3Errors errors) {
    this.client = client;
    this.requests = requests;
    this.errors = errors;
  }

  /**
   * The bytes of the range, as many as the length of the answer says.
   *
   * @param range of one byte or more
   * @param entityTag of the object that it must be; null for any
   * @throws BlobStoreException if something else was answered; that is given up
   * @throws software.amazon.awssdk.core.exception.SdkException if nothing was
   */
  ResponseInputStream<GetObjectResponse> get(
      StorageKey key, ByteRange range, @Nullable String entityTag) {
    ResponseInputStream<GetObjectResponse> body =
        client.getObject(
            GetObjectRequest.builder()
                .bucket(requests.bucket())
                .key(requests.name(key))
                .range(header(range))
                .ifMatch(entityTag)
                .build());
    GetObjectResponse answer = body.response();
    if (!isOf(range, answer)) {
      body.abort();
      throw errors.of(
          new Action("reading " + key, "s3:GetObject"),
          "expected "
              + (range.equals(ByteRange.ALL) ? "the object" : "its " + header(range))
              + " and how long that is, found status "
              + answer.sdkHttpResponse().statusCode()
              + " with Content-Range "
              + answer.contentRange()
              + " and Content-Length "
              + answer.contentLength()
              + "; check the setting endpoint",
          false);
    }
    return body;
  }

  private static @Nullable String header(ByteRange range) {
    return range.equals(ByteRange.ALL)
        ? null
        : "bytes=" + range.offset() + "-" + (isOpen(range) ? "" : last(range));
  }

  /** Whether it goes to the end of the object, wherever that is. */
  private static boolean isOpen(ByteRange range) {
    return last(range) < 0;
  }

  private static long last(ByteRange range) {
    return range.offset() + range.length() - 1;
  }

  private static boolean isOf(ByteRange range, GetObjectResponse answer) {
    Long length = answer.contentLength();
    if (length == null) {
      return false;
    }
    int status = answer.sdkHttpResponse().statusCode();
    if (status == WHOLE) {
      // No range is needed where the object is no more than was asked for.
      return range.offset() == 0 && length <= range.length();
    }
    return status == PART && !range.equals(ByteRange.ALL) && isOf(range, length, answer);
  }

  private static boolean isOf(ByteRange range, long length, GetObjectResponse answer) {
    String text = answer.contentRange();
    Matcher told = CONTENT_RANGE.matcher(text == null ? "" : text);
    if (!told.matches()) {
      return false;
    }
    long first = Long.parseLong(told.group(1));
    long last = Long.parseLong(told.group(2));
    long end = Long.parseLong(told.group(3)) - 1;
    return first == range.offset()
        && last == (isOpen(range) ? end : Math.min(last(range), end))
        && length == last - first + 1;
  }
}
