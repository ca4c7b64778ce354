package dev.hfsm.s3;

import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Deletes up to a thousand objects by one request. Thread-safe. */
final class BatchDeletion implements BatchDelete {

  private static final int LARGEST_BATCH = 1000;

  private final S3Client client;
  private final ObjectRequests requests;
  private final S3Errors errors;

  BatchDeletion(S3Client client, ObjectRequests requests, S3Errors errors) {
    this.client = client;
    this.requests = requests;
    this.errors = errors;
  }

  @Override
  public List<Undeleted> deleteAll(Collection<StorageKey> keys) {
    List<StorageKey> all = keys.stream().distinct().toList();
    List<Undeleted> undeleted = new ArrayList<>();
    for (int from = 0; from < all.size(); from += LARGEST_BATCH) {
      undeleted.addAll(delete(all.subList(from, Math.min(from + LARGEST_BATCH, all.size()))));
    }
    return undeleted;
  }

  private List<Undeleted> delete(List<StorageKey> batch) {
    List<ObjectIdentifier> objects =
        batch.stream()
            .map(key -> ObjectIdentifier.builder().key(requests.name(key)).build())
            .toList();
    try {
      return client
          .deleteObjects(
              r -> r.bucket(requests.bucket()).delete(d -> d.quiet(true).objects(objects)))
          .errors()
          .stream()
          .filter(error -> !"NoSuchKey".equals(error.code()))
          .flatMap(error -> requests.key(error.key()).map(key -> undeleted(key, error)).stream())
          .toList();
    } catch (SdkException e) {
      throw errors.translate(
          new Action("deleting " + batch.size() + " objects", "s3:DeleteObject"), e);
    }
  }

  private static Undeleted undeleted(StorageKey key, S3Error error) {
    return new Undeleted(key, error.code() + ": " + error.message());
  }
}
