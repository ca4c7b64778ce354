package dev.hfsm.ledger;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Transition;
import java.time.Duration;
import java.util.List;

/**
 * The ledger as workers see it. Each method is one transaction. Every method that takes a lease
 * checks in that transaction that it is still held and has not expired, and throws {@link
 * LeaseLostException} otherwise, having written nothing.
 */
public interface WorkLedger {

  /**
   * Grants leases on due work of kinds that are not paused. The attempt is counted in the same
   * transaction, before any byte is touched, so work that kills its worker is counted too. Two
   * claims never get the same work.
   */
  List<Claim> claim(ClaimRequest request);

  /**
   * Does for each of these what {@link IntakeLedger#requestVariant} does and, in the same
   * transaction, grants leases on the work that makes them: one commit instead of two for who has a
   * hand free to make them. Granted is what {@link #claim} would grant about these variants without
   * suspects: nothing of what is paused, not yet due, or held by another.
   *
   * @param requests about one asset, each variant once
   * @param worker who is to hold the leases
   * @param lease for how long
   * @return the answers, in the order of the requests
   * @throws AssetGoneException if there is no such asset; nothing was written then
   * @throws IllegalArgumentException if there is no request, a variant is named twice, or several
   *     assets are; nothing was written then
   */
  List<Requested> requestAndClaim(List<VariantRequest> requests, String worker, Duration lease);

  /** Extends a lease to {@code lease} from now. */
  void renew(Lease held, Duration lease);

  /**
   * Finishes a step of an inspection: moves the asset as {@link dev.hfsm.model.StateMachine} says,
   * adds the facts learned (they win over older ones), and removes the work unless the new state
   * owes it still, in which case the lease stays held.
   *
   * <p>A step that is reported again under the same lease, as after an answer that was lost, writes
   * nothing and is answered as the first time: the asset is where the step leads and knows what was
   * learned. Once the work is removed the lease is lost, also to a report that is repeated.
   *
   * @param event FINGERPRINTED, DESCRIBED or REFUSED
   * @throws IllegalStateException if the event cannot happen in the asset's state
   */
  Transition advance(Lease held, AssetEvent event, Facts learned);

  /**
   * Finishes the making of a variant: stores what it is, removes the work, and takes the asset to
   * VARIANTS_READY if it was METADATA_READY.
   *
   * <p>Published again, as after an answer that was lost, the lease is lost and the row still names
   * the key: ask {@link CollectorLedger#named} before its object is deleted.
   */
  Published publish(Lease held, VariantContent content);

  /**
   * Settles several pieces of work in one transaction, each as {@link #advance} or {@link #publish}
   * would, and each under its own fence: a lease that was lost is told of in its answer and does
   * not touch the others.
   *
   * @param settlements at most one for each subject
   * @return the answers, in the order of the settlements
   * @throws IllegalStateException if an event cannot happen in its asset's state, under a lease
   *     that is held; nothing was written then
   * @throws IllegalArgumentException if a subject is named twice, a lease is of the wrong kind, an
   *     event is no step or a key is not the variant's; nothing was written then
   */
  List<Settled> settle(List<Settlement> settlements);

  /** Gives work back after a failure, to be tried again in {@code delay}. */
  void retry(Lease held, Failure failure, Duration delay);

  /**
   * Gives work up: it is dead, with its reason, until redriven. An asset under inspection becomes
   * FAILED; a variant becomes FAILED and may be requested again after {@link #FAILURE_MEMORY}.
   */
  void bury(Lease held, Failure failure);

  /** Gives work back untouched, as at shutdown: the attempt does not count. */
  void release(Lease held);

  /**
   * Looks for leases that have expired: their work is due again at once, or dead if {@code
   * maxAttempts} attempts have been granted. Its failure is {@link #WORKER_LOST}: it is suspected
   * of having killed its worker until an attempt comes to an end or it is owed afresh. Work given
   * back untouched stays suspected.
   *
   * @param limit how many to handle at most
   */
  Reaped reap(int limit, int maxAttempts);

  /** The code of the failure of work whose lease expired. */
  String WORKER_LOST = "worker-lost";

  /** How long a failed variant is remembered before a request starts it again. */
  Duration FAILURE_MEMORY = Duration.ofMinutes(10);
}
