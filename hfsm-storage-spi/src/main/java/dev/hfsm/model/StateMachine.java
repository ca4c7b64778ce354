package dev.hfsm.model;

import static dev.hfsm.model.AssetEvent.*;
import static dev.hfsm.model.AssetState.*;
import static dev.hfsm.model.WorkKind.INSPECT;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of an asset as one positive table: what is not listed cannot happen. Pure and
 * thread-safe. Ledgers repeat the (from, to) pairs as a constraint on the history they keep.
 *
 * <p>An exact duplicate never reaches the table: it is answered at ingest.
 */
public final class StateMachine {

  /** Every legal transition, in the order an asset usually meets them. */
  public static final List<Transition> TABLE =
      List.of(
          new Transition(null, ADMITTED, INGESTED, INSPECT),
          new Transition(INGESTED, FINGERPRINTED, DEDUP_CHECK, INSPECT),
          new Transition(DEDUP_CHECK, DESCRIBED, METADATA_READY, null),
          new Transition(METADATA_READY, FIRST_VARIANT_PUBLISHED, VARIANTS_READY, null),
          new Transition(INGESTED, REFUSED, REJECTED, null),
          new Transition(DEDUP_CHECK, REFUSED, REJECTED, null),
          new Transition(INGESTED, EXHAUSTED, FAILED, null),
          new Transition(DEDUP_CHECK, EXHAUSTED, FAILED, null),
          new Transition(REJECTED, REDRIVEN, INGESTED, INSPECT),
          new Transition(FAILED, REDRIVEN, INGESTED, INSPECT),
          new Transition(FAILED, UPLOADED_AGAIN, INGESTED, INSPECT));

  private StateMachine() {}

  /**
   * The transition that {@code event} causes in {@code state}, or empty if it causes none there.
   *
   * @param state the current state, or null if the asset does not exist
   */
  public static Optional<Transition> on(@Nullable AssetState state, AssetEvent event) {
    return TABLE.stream().filter(t -> t.from() == state && t.event() == event).findFirst();
  }

  /**
   * The transition that {@code event} has caused before if it is reported a second time, as after
   * an answer that was lost: one that led to {@code state} and left its work owed. Empty if there
   * is none; whoever settled work for good has nothing left to report it under.
   *
   * @param state the current state
   */
  public static Optional<Transition> repeated(AssetState state, AssetEvent event) {
    return TABLE.stream()
        .filter(t -> t.to() == state && t.event() == event && t.from() != null && t.owes() != null)
        .filter(t -> t.from().isBeingInspected())
        .findFirst();
  }

  /**
   * The transition that {@code event} must cause in {@code state}.
   *
   * @throws IllegalStateException if the table has none, which is a defect of the caller
   */
  public static Transition require(@Nullable AssetState state, AssetEvent event) {
    return on(state, event)
        .orElseThrow(
            () -> new IllegalStateException(event + " cannot happen to an asset in " + state));
  }
}
