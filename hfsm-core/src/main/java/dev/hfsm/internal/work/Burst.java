package dev.hfsm.internal.work;

import dev.hfsm.error.MalformedTextException;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.transform.Transformation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has variants of one asset that are owed at the same time made together, so that one decode serves
 * all. The thread of the first carries the others; each keeps its own lease and is settled by
 * itself.
 *
 * <p>What may do harm goes alone: work that is suspected or has failed before. Nothing less urgent
 * is taken along, because the first would be late for it. Thread-safe.
 */
final class Burst {

  private static final Logger LOG = LoggerFactory.getLogger(Burst.class);

  /** How many one thread carries at most, besides the piece it runs. */
  private static final int MOST = 15;

  private final Settings settings;
  private final Hands hands;
  private final ActiveLeases leases;
  private final WorkRunner runner;
  private final Map<Piece, List<Piece>> carried = new ConcurrentHashMap<>();

  Burst(Settings settings, Hands hands, ActiveLeases leases, WorkRunner runner) {
    this.settings = settings;
    this.hands = hands;
    this.leases = leases;
    this.runner = runner;
  }

  /** Has a piece carried by whoever runs another that has not been begun; false if it is laden. */
  boolean bring(Piece first, Piece piece) {
    List<Piece> others = carriedBy(first);
    if (others.size() >= MOST || !piece.carry()) {
      return false;
    }
    leases.add(piece);
    hands.carry();
    others.add(piece);
    return true;
  }

  private List<Piece> carriedBy(Piece first) {
    return carried.computeIfAbsent(first, f -> new CopyOnWriteArrayList<>());
  }

  /**
   * Makes the variant of the piece that the calling thread runs, and all that can be made with it.
   *
   * @return what became of the first and the others, which have been told; empty if there is
   *     nothing to share, or if it could not be made together: whose fault it was shows when each
   *     goes alone
   */
  List<Deriver.Made> derive(Piece first, Deriver deriver) {
    List<Piece> others = carriedBy(first);
    try {
      others.addAll(found(first, MOST - others.size()));
      return others.isEmpty() ? List.of() : together(first, others, deriver);
    } finally {
      // Not by way of the map: whoever wrote this thread off has emptied it.
      carried.remove(first);
      others.forEach(runner::putDown);
    }
  }

  /** What a piece carries and has not brought to its end waits for a hand of its own. */
  void unload(Piece first) {
    List<Piece> others = carried.remove(first);
    if (others != null) {
      others.forEach(runner::putDown);
    }
  }

  private List<Deriver.Made> together(Piece first, List<Piece> others, Deriver deriver) {
    List<Claim> claims = new ArrayList<>(List.of(first.claim()));
    others.forEach(piece -> claims.add(piece.claim()));
    try {
      List<Deriver.Made> made = deriver.derive(claims, first.budget());
      for (int i = 0; i < others.size(); i++) {
        runner.arrive(others.get(i), made.get(i + 1));
      }
      return made;
    } catch (RuntimeException | Error e) {
      LOG.debug("{} variants could not be made together: {}", claims.size(), e.toString());
      return List.of();
    }
  }

  private List<Piece> found(Piece first, int most) {
    if (!mayShare(first)) {
      return List.of();
    }
    List<Piece> found = new ArrayList<>();
    try {
      found.addAll(claimed(first, most));
    } catch (RuntimeException e) {
      LOG.debug("nothing more is claimed for {}: {}", first.lease(), e.toString());
    }
    // Afterwards: what the ledger no longer owed, because it was being claimed here, is here now.
    for (Piece waiting : hands.waiting()) {
      if (found.size() < most && belongTogether(first, waiting) && waiting.carry()) {
        hands.forget(waiting);
        unload(waiting); // its thread will never come to that
        found.add(waiting);
      }
    }
    return found;
  }

  private List<Piece> claimed(Piece first, int most) {
    if (settings.rates().containsKey(WorkKind.DERIVE)) {
      return List.of(); // what may be claimed is counted by the thread that claims
    }
    Claim claim = first.claim();
    List<WorkRow> owed = settings.ledger().operator().work(claim.asset().id());
    int urgency =
        owed.stream()
            .filter(row -> row.subject().equals(first.subject()))
            .mapToInt(WorkRow::priority)
            .findFirst()
            .orElse(Integer.MAX_VALUE);
    List<Subject> subjects =
        owed.stream()
            .filter(row -> row.subject().kind() == WorkKind.DERIVE && !row.dead())
            .filter(row -> row.attempts() == 0 && row.leasedUntil() == null)
            .filter(row -> row.priority() >= urgency && !row.due().isAfter(claim.now()))
            .map(WorkRow::subject)
            .limit(most)
            .toList();
    if (subjects.isEmpty()) {
      return List.of();
    }
    long asked = System.nanoTime();
    ClaimRequest request = ClaimRequest.about(settings.worker(), subjects, settings.lease());
    List<Piece> claimed = new ArrayList<>();
    for (Claim other : settings.ledger().work().claim(request.with(Suspects.EXCLUDED))) {
      if (leases.knows(other.lease())) {
        continue; // its work goes on
      }
      Piece piece = runner.piece(other, asked, WorkRunner.ClaimKind.ORDINARY);
      if (belongTogether(first, piece) && piece.carry()) {
        leases.add(piece);
        hands.carry();
        claimed.add(piece);
      } else {
        runner.accept(piece);
      }
    }
    return claimed;
  }

  /** Whether two pieces can be made of one decode. */
  static boolean belongTogether(Piece first, Piece other) {
    VariantRow one = first.claim().variant();
    VariantRow two = other.claim().variant();
    return mayShare(other)
        && one != null
        && two != null
        && one.asset().equals(two.asset())
        && one.transformer().equals(two.transformer());
  }

  /** A watermark is another asset, which has to be fetched for one alone. */
  private static boolean mayShare(Piece piece) {
    VariantRow variant = piece.claim().variant();
    return variant != null
        && !piece.isSuspect()
        && piece.claim().attempt() == 1
        && !isMarked(variant.transformation());
  }

  private static boolean isMarked(String recipe) {
    try {
      return Transformation.parse(recipe).watermark().isPresent();
    } catch (MalformedTextException e) {
      return true; // by a newer version, say: it goes alone and fails alone
    }
  }
}
