package dev.hfsm;

import dev.hfsm.storage.Presigner.PresignedPut;
import java.util.Optional;

/** What there is to do for a direct upload. */
public sealed interface PreparedUpload {

  /** The transfer to make; empty if there is nothing to send. */
  default Optional<Transfer> transfer() {
    return this instanceof Transfer transfer ? Optional.of(transfer) : Optional.empty();
  }

  /**
   * The scope owns these bytes already; the asset is claimed, and nothing has to be sent.
   *
   * @param asset the answer, as an ingest would have given it
   */
  record Owned(Ingested asset) implements PreparedUpload {}

  /**
   * The bytes are wanted.
   *
   * @param request what the client has to send, straight to the store; a secret
   * @param ticket what brings the asset in once the bytes are there: {@link
   *     AssetPipeline#completeUpload}. It cannot be changed by whoever holds it; it can be used by
   *     whoever holds it, until {@link dev.hfsm.storage.Stamp#isStale half the sweep window} is
   *     over
   */
  record Transfer(PresignedPut request, String ticket) implements PreparedUpload {}
}
