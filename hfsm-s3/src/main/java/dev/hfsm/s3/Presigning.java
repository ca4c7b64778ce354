package dev.hfsm.s3;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.s3.ObjectRequests.Guard;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.Presentation;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.StorageKey;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** Signs addresses with the credentials of the store. Thread-safe. */
final class Presigning implements Presigner {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(7);

  /** Clients send these by themselves, and some let nobody else set them. */
  private static final Set<String> OF_THE_CLIENT = Set.of("host", "content-length");

  private final S3Presigner presigner;
  private final ObjectRequests requests;
  private final Supplier<Guard> guard;
  private final S3Errors errors;

  /**
   * @param guard what the server is known to understand; may ask it
   */
  Presigning(
      S3Presigner presigner, ObjectRequests requests, Supplier<Guard> guard, S3Errors errors) {
    this.presigner = presigner;
    this.requests = requests;
    this.guard = guard;
    this.errors = errors;
  }

  @Override
  public URI get(StorageKey key, Duration validFor, Presentation presentation) {
    requireValid(validFor);
    String disposition = presentation.disposition().name().toLowerCase(Locale.ROOT);
    try {
      return URI.create(
          presigner
              .presignGetObject(
                  p ->
                      p.signatureDuration(validFor)
                          .getObjectRequest(
                              r ->
                                  r.bucket(requests.bucket())
                                      .key(requests.name(key))
                                      .responseContentType(presentation.type().text())
                                      .responseContentDisposition(disposition)))
              .url()
              .toString());
    } catch (SdkException e) {
      throw failed(key, e);
    }
  }

  /**
   * Signs size, checksum and, unless the server does not know it, the condition that the key is
   * new; so none of them can be changed. The server is asked first, if no put has told.
   */
  @Override
  public PresignedPut put(StorageKey key, BlobRef expected, Duration validFor) {
    requireValid(validFor);
    if (expected.size() > ObjectRequests.LARGEST_REQUEST) {
      throw new LimitExceededException(
          "presigned put: expected at most "
              + ObjectRequests.LARGEST_REQUEST
              + " bytes in one request, found "
              + expected.size(),
          false);
    }
    Guard known = guard.get();
    PresignedPutObjectRequest signed;
    try {
      signed =
          presigner.presignPutObject(
              p ->
                  p.signatureDuration(validFor)
                      .putObjectRequest(requests.put(key, expected, known)));
    } catch (SdkException e) {
      throw failed(key, e);
    }
    Map<String, String> headers = new TreeMap<>();
    signed
        .signedHeaders()
        .forEach(
            (name, values) -> {
              if (!OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, String.join(",", values));
              }
            });
    return new PresignedPut(URI.create(signed.url().toString()), headers, signed.expiration());
  }

  private BlobStoreException failed(StorageKey key, SdkException e) {
    return errors.translate(new Action("signing an address of " + key, "s3:PutObject"), e);
  }

  private static void requireValid(Duration validFor) {
    if (validFor.compareTo(SHORTEST) < 0 || validFor.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "validFor: expected one second to seven days, found " + validFor);
    }
  }
}
