package dev.hfsm;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.work.Announcer;
import dev.hfsm.internal.work.OwnVariants;
import dev.hfsm.ledger.Requested;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.util.ArrayList;
import java.util.List;

/** Asks the ledger for variants, and says where that has caused work. Thread-safe. */
final class Asking {

  private final Settings settings;
  private final OwnVariants own;
  private final Announcer announcer;

  Asking(Settings settings, OwnVariants own, Announcer announcer) {
    this.settings = settings;
    this.own = own;
    this.announcer = announcer;
  }

  /**
   * For a caller who waits: begun here at once, if hands are free.
   *
   * @param requests about one asset, each variant once
   * @throws AssetGoneException if there is no such asset
   */
  List<VariantRow> forNow(List<VariantRequest> requests) {
    return own.request(requests)
        .map(answers -> announced(requests, answers))
        .orElseGet(() -> ahead(requests));
  }

  /**
   * For a caller who does not: the ledger is its queue.
   *
   * @throws AssetGoneException if there is no such asset
   */
  List<VariantRow> ahead(List<VariantRequest> requests) {
    List<Requested> answers = new ArrayList<>();
    for (VariantRequest request : requests) {
      answers.add(new Requested(settings.ledger().intake().requestVariant(request), null));
    }
    return announced(requests, answers);
  }

  /** Says what is owed and not begun here, after all was asked for. */
  private List<VariantRow> announced(List<VariantRequest> requests, List<Requested> answers) {
    List<Hint> owed = new ArrayList<>();
    List<VariantRow> rows = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      VariantRow row = answers.get(i).row();
      rows.add(row);
      if (row.state() == VariantState.REQUESTED && answers.get(i).claim() == null) {
        Subject subject = Subject.derive(row.asset(), row.key());
        owed.add(new Hint(subject, settings.clock().instant(), requests.get(i).priority()));
      }
    }
    if (!owed.isEmpty()) {
      announcer.announce(owed);
    }
    return rows;
  }

  /** Whether work about a variant has not come to its end here. */
  boolean isUnderWay(Subject subject) {
    return own.isUnderWay(subject);
  }
}
