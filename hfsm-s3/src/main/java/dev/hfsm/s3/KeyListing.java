package dev.hfsm.s3;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.StorageKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists keys in the order of their names; foreign names are passed over. Thread-safe. */
final class KeyListing {

  /** S3 gives no more at a time. */
  private static final int LARGEST_PAGE = 1000;

  private final S3Client client;
  private final S3Config config;
  private final ObjectRequests requests;
  private final S3Errors errors;

  KeyListing(S3Client client, S3Config config, ObjectRequests requests, S3Errors errors) {
    this.client = client;
    this.config = config;
    this.requests = requests;
    this.errors = errors;
  }

  Page<StorageKey> list(String prefix, Cursor after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: expected 1 or more, found " + limit);
    }
    Action action = new Action("listing keys that start with \"" + prefix + "\"", "s3:ListBucket");
    String start = after.after().isEmpty() ? "" : config.prefix() + after.after();
    ListObjectsV2Response answer =
        ask(action, config.prefix() + prefix, start, Math.min(limit, LARGEST_PAGE));
    // Some servers tidy a prefix up, "a//" to "a/", and then list too much.
    List<String> names =
        answer.contents().stream()
            .map(S3Object::key)
            .filter(name -> name.startsWith(config.prefix() + prefix))
            .toList();
    requireOrder(action, start, names);
    List<StorageKey> keys = names.stream().map(requests::key).flatMap(Optional::stream).toList();
    boolean ended = names.isEmpty() || !Boolean.TRUE.equals(answer.isTruncated());
    return new Page<>(
        keys,
        ended ? null : new Cursor(names.get(names.size() - 1).substring(config.prefix().length())));
  }

  private ListObjectsV2Response ask(Action action, String prefix, String after, int limit) {
    try {
      return client.listObjectsV2(
          r ->
              r.bucket(requests.bucket())
                  .prefix(prefix)
                  .startAfter(after.isEmpty() ? null : after)
                  .maxKeys(limit));
    } catch (SdkException e) {
      throw errors.translate(action, e);
    }
  }

  /** A scan over a listing in any other order would skip keys, and nobody would notice. */
  private void requireOrder(Action action, String start, List<String> names) {
    String last = start;
    for (String name : names) {
      if (Arrays.compareUnsigned(bytes(last), bytes(name)) >= 0) {
        throw errors.of(
            action,
            "expected names in order, found \""
                + name
                + "\" behind \""
                + last
                + "\"; a bucket that does not list in order (a directory bucket) cannot be used,"
                + " check the setting bucket",
            false);
      }
      last = name;
    }
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
