package dev.hfsm.s3;

import dev.hfsm.s3.ObjectRequests.Guard;
import dev.hfsm.s3.S3Errors.Action;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Asks a server whether it knows {@code If-None-Match}, by a put that it must refuse in any case:
 * the checksum is that of other bytes. So nothing is stored, and no key is used up. Thread-safe.
 */
final class ConditionProbe {

  private static final Logger LOG = LoggerFactory.getLogger(ConditionProbe.class);
  private static final byte[] BODY = {1};

  private final S3Client client;
  private final ObjectRequests requests;
  private final S3Errors errors;

  ConditionProbe(S3Client client, ObjectRequests requests, S3Errors errors) {
    this.client = client;
    this.requests = requests;
    this.errors = errors;
  }

  private enum Answer {
    REFUSED,
    NOT_KNOWN,
    UNCLEAR
  }

  /**
   * What the server may be asked for; empty if its answer told nothing about that.
   *
   * @throws dev.hfsm.error.BlobStoreException if there was no answer
   */
  Optional<Guard> ask() {
    Answer answer = put(Guard.IF_NONE_MATCH);
    if (answer == Answer.REFUSED) {
      return Optional.of(Guard.IF_NONE_MATCH);
    }
    // It may be something else that it does not know.
    return answer == Answer.NOT_KNOWN && put(Guard.NONE) == Answer.REFUSED
        ? Optional.of(Guard.NONE)
        : Optional.empty();
  }

  private Answer put(Guard guard) {
    try {
      client.putObject(requests.refusable(BODY.length, guard), RequestBody.fromBytes(BODY));
    } catch (AwsServiceException e) {
      if (S3Errors.isStatus(e, 501)) {
        return Answer.NOT_KNOWN;
      }
      // Not every 400 is about the request: a session may be over, or the region another.
      boolean understood = S3Errors.isOfChecksum(e) || S3Errors.isStatus(e, 412);
      return understood ? Answer.REFUSED : Answer.UNCLEAR;
    } catch (SdkException e) {
      throw errors.translate(
          new Action("asking whether If-None-Match is known", "s3:PutObject"), e);
    }
    remove();
    return Answer.REFUSED; // it would have said so before: it takes whatever it is given
  }

  /** What the server has said holds, whether it deletes or not. */
  private void remove() {
    try {
      client.deleteObject(r -> r.bucket(requests.bucket()).key(requests.probeName()));
    } catch (SdkException e) {
      Action action = new Action("deleting " + requests.probeName(), "s3:DeleteObject");
      LOG.warn("one byte was left behind: {}", errors.translate(action, e).getMessage());
    }
  }
}
