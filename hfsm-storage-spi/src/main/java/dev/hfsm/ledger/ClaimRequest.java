package dev.hfsm.ledger;

import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A request for work that is due and leased to nobody.
 *
 * @param worker who asks; a name without spaces, unique among living workers
 * @param kinds which kinds
 * @param subjects if not empty, only work about these subjects
 * @param max how many at most, 1 or more
 * @param lease for how long, on the ledger's clock
 * @param suspects whether work that is suspected of having killed its worker is wanted
 */
public record ClaimRequest(
    String worker,
    Set<WorkKind> kinds,
    List<Subject> subjects,
    int max,
    Duration lease,
    Suspects suspects) {

  /**
   * What to do about work whose last attempt ended with its worker ({@link
   * WorkLedger#WORKER_LOST}). It may have killed the process, or merely have been in it: a worker
   * that takes up one such piece at a time harms nothing else that is suspected.
   */
  public enum Suspects {
    /** Grant it like any other. */
    INCLUDED,
    /** Grant none of it. */
    EXCLUDED,
    /** Grant nothing else. */
    ONLY
  }

  /** Copies the collections; checks the numbers. */
  public ClaimRequest {
    kinds = Set.copyOf(kinds);
    subjects = List.copyOf(subjects);
    if (max < 1 || lease.isNegative() || lease.isZero()) {
      throw new IllegalArgumentException(
          "claim: expected a maximum of 1 or more and a positive lease, found "
              + max
              + ", "
              + lease);
    }
  }

  /** Whatever is due, highest priority first, then the longest due; granted in that order. */
  public static ClaimRequest due(String worker, Set<WorkKind> kinds, int max, Duration lease) {
    return new ClaimRequest(worker, kinds, List.of(), max, lease, Suspects.INCLUDED);
  }

  /** The work about these subjects, as far as it is due. */
  public static ClaimRequest about(String worker, List<Subject> subjects, Duration lease) {
    if (subjects.isEmpty()) {
      throw new IllegalArgumentException("claim: expected at least one subject");
    }
    return new ClaimRequest(
        worker, EnumSet.allOf(WorkKind.class), subjects, subjects.size(), lease, Suspects.INCLUDED);
  }

  /**
   * The work on variants that are asked for by the same caller, suspects left out.
   *
   * @throws IllegalArgumentException if there is no request, a variant is named twice, or several
   *     assets are
   */
  public static ClaimRequest making(String worker, List<VariantRequest> requests, Duration lease) {
    List<Subject> subjects =
        requests.stream().map(r -> Subject.derive(r.asset(), r.key())).distinct().toList();
    long assets = subjects.stream().map(Subject::asset).distinct().count();
    if (assets != 1 || subjects.size() != requests.size()) {
      throw new IllegalArgumentException(
          "request: expected variants of one asset, each once, found "
              + requests.size()
              + " requests for "
              + subjects.size()
              + " variants of "
              + assets
              + " assets");
    }
    return about(worker, subjects, lease).with(Suspects.EXCLUDED);
  }

  /** The same request with another wish about suspects. */
  public ClaimRequest with(Suspects wanted) {
    return new ClaimRequest(worker, kinds, subjects, max, lease, wanted);
  }
}
