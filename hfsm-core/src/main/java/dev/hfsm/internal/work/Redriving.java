package dev.hfsm.internal.work;

import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.OperatorLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Starts again what was given up, and tells of it. Thread-safe. */
public final class Redriving {

  private static final int PAGE = 100;

  private final Settings settings;
  private final Announcer announcer;
  private final Notifier notifier;

  /** Starts work of the ledger in {@code settings}. */
  public Redriving(Settings settings, Announcer announcer) {
    this.settings = settings;
    this.announcer = announcer;
    this.notifier = new Notifier(settings.listener());
  }

  /** Everything about one asset; its inspection also if it was REJECTED. */
  public int about(AssetRow asset) {
    OperatorLedger operator = settings.ledger().operator();
    Set<Subject> subjects = new LinkedHashSet<>(List.of(Subject.inspect(asset.id())));
    operator.work(asset.id()).stream()
        .filter(WorkRow::dead)
        .map(WorkRow::subject)
        .forEach(subjects::add);
    return (int) subjects.stream().filter(subject -> one(subject, Optional.of(asset))).count();
  }

  /** One piece of work; says whether there was something to start. */
  public boolean one(Subject subject) {
    return one(subject, row(subject));
  }

  private Optional<AssetRow> row(Subject subject) {
    AssetId asset = subject.asset();
    return subject.kind() == WorkKind.INSPECT
        ? settings.ledger().reader().asset(asset)
        : Optional.empty();
  }

  private boolean one(Subject subject, Optional<AssetRow> before) {
    boolean started = settings.ledger().operator().redrive(subject);
    if (started) {
      before
          .filter(row -> subject.kind() == WorkKind.INSPECT)
          .flatMap(row -> StateMachine.on(row.state(), AssetEvent.REDRIVEN))
          .ifPresent(transition -> notifier.tell(subject.asset(), transition));
      announcer.announce(subject, settings.clock().instant(), 0);
    }
    return started;
  }

  /** All dead work that a filter lets through, to the end of the list; says how much. */
  public long all(Predicate<WorkRow> wanted) {
    long started = 0;
    Cursor after = Cursor.START;
    while (after != null) {
      Page<WorkRow> page = settings.ledger().operator().dead(after, PAGE);
      for (WorkRow dead : page.items()) {
        if (wanted.test(dead) && one(dead.subject())) {
          started++;
        }
      }
      after = page.next();
    }
    return started;
  }
}
