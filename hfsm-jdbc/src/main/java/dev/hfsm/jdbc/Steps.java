package dev.hfsm.jdbc;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.jdbc.Grant.Unreadable;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The steps that several roles take, each inside the transaction of its caller. Thread-safe. */
final class Steps {

  /** Inspections carry no wish of a caller; hosts order variants around them. */
  static final int INSPECTION_PRIORITY = 0;

  /** The code of the failure of work whose rows cannot be read. */
  static final String UNREADABLE = "unreadable-row";

  private final Sql sql;

  Steps(Sql sql) {
    this.sql = sql;
  }

  /**
   * An asset whose row this transaction has locked.
   *
   * @param now the ledger's time when the lock was got
   */
  record Locked(AssetId id, AssetState state, String text, Instant now) {

    /** Read when needed: an asset whose facts cannot be read can still be given up. */
    Facts facts() {
      return Facts.parse(text);
    }
  }

  /** Who brought a transition about. */
  record Cause(@Nullable String detail, @Nullable String worker, int attempt) {

    static final Cause CALLER = new Cause(null, null, 0);
  }

  /** Waits for the asset; empty if there is none. */
  Optional<Locked> lock(Handle handle, AssetId asset) {
    return Rows.bind(handle.createQuery(sql.of(Statements.LOCK_ASSET)), asset)
        .map((row, context) -> locked(asset, row))
        .findOne();
  }

  private static Locked locked(AssetId asset, ResultSet row) throws SQLException {
    return new Locked(
        asset,
        AssetState.valueOf(row.getString("state")),
        row.getString("facts"),
        Rows.instant(row, "now"));
  }

  /** Locks the work and checks its lease; answers which attempt it is. */
  int requireHeld(Handle handle, Lease held) {
    return Rows.bind(handle.createQuery(sql.of(Statements.HELD_ATTEMPTS)), held)
        .mapTo(Integer.class)
        .findOne()
        .orElseThrow(() -> new LeaseLostException(held.toString()));
  }

  /** The asset a lease is about, locked; without the asset there is no work either. */
  Locked requireAsset(Handle handle, Lease held) {
    return lock(handle, held.subject().asset())
        .orElseThrow(() -> new LeaseLostException(held.toString()));
  }

  /**
   * Moves a locked asset as the state table says; the trigger appends to the history.
   *
   * @param facts null to leave them as they are
   */
  Transition move(
      Handle handle, Locked asset, AssetEvent event, @Nullable Facts facts, Cause cause) {
    Transition transition = StateMachine.require(asset.state(), event);
    Rows.bind(handle.createUpdate(sql.of(Statements.CHANGE_STATE)), asset.id())
        .bind("state", transition.to().name())
        .bind("facts", facts == null ? null : facts.toString())
        .bind("pixels", facts == null ? null : pixels(facts))
        .bind("event", event.name())
        .bind("detail", cause.detail())
        .bind("worker", cause.worker())
        .bind("attempt", cause.attempt())
        .execute();
    return transition;
  }

  static @Nullable String pixels(Facts facts) {
    return facts.get(Fact.PIXEL_DIGEST).map(Digest::hex).orElse(null);
  }

  /** Owes work, its attempts forgotten. */
  void owe(Handle handle, Subject subject, int priority, Duration delay) {
    Rows.bind(handle.createUpdate(sql.of(Statements.OWE)), subject)
        .bind("priority", priority)
        .bind("delay", delay.toMillis())
        .execute();
  }

  /** Wants a variant; see {@link dev.hfsm.ledger.IntakeLedger#requestVariant}. */
  VariantRow request(Handle handle, VariantRequest request) {
    AssetId asset = request.asset();
    Subject work = Subject.derive(asset, request.key());
    if (lock(handle, asset).isEmpty()) {
      throw new AssetGoneException(asset.toString());
    }
    Optional<VariantRow> started =
        Rows.bind(handle.createQuery(sql.of(Statements.REQUEST_VARIANT)), asset)
            .bind("variant", request.key().hex())
            .bind("transformation", request.transformation())
            .bind("transformer", request.transformer().toString())
            .map((row, context) -> Rows.variant(row))
            .findOne();
    if (started.isPresent()) {
      owe(handle, work, request.priority(), request.delay());
      return started.get();
    }
    Rows.bind(handle.createUpdate(sql.of(Statements.REQUEST_SOONER)), work)
        .bind("priority", request.priority())
        .bind("delay", request.delay().toMillis())
        .execute();
    return Rows.bind(handle.createQuery(sql.of(Statements.VARIANT)), asset)
        .bind("variant", request.key().hex())
        .map((row, context) -> Rows.variant(row))
        .one();
  }

  /** Gives work up, and with it what it was to bring about. Asset and work are locked. */
  void bury(Handle handle, Subject subject, Locked asset, Failure failure, Cause cause) {
    Rows.bind(Rows.bind(handle.createUpdate(sql.of(Statements.BURY)), subject), failure)
        .bind("number", sql.nextNumber(handle))
        .execute();
    VariantKey variant = subject.variant();
    if (variant == null) {
      move(handle, asset, AssetEvent.EXHAUSTED, null, cause);
    } else {
      Update update = handle.createUpdate(sql.of(Statements.VARIANT_FAILED));
      Rows.bind(Rows.bind(update, subject.asset()), failure)
          .bind("variant", variant.hex())
          .bind("memory", WorkLedger.FAILURE_MEMORY.toMillis())
          .execute();
    }
  }

  /**
   * Gives work up whose rows cannot be read, without reading them: by their columns alone.
   *
   * @return whether the work was still there
   */
  boolean buryUnreadable(Handle handle, Unreadable work) {
    handle
        .createQuery(sql.of(Statements.LOCK_UNREADABLE))
        .bind("scope", work.scope())
        .bind("digest", work.digest())
        .mapTo(Integer.class)
        .findOne();
    Failure failure = new Failure(UNREADABLE, work.problem(), false, now(handle));
    long number = sql.nextNumber(handle);
    boolean buried =
        unreadable(handle, Statements.BURY_UNREADABLE, work, failure)
                .bind("fence", work.fence())
                .bind("number", number)
                .execute()
            > 0;
    if (buried) {
      unreadable(handle, Statements.FAIL_UNREADABLE, work, failure).execute();
      unreadable(handle, Statements.VARIANT_FAILED, work, failure)
          .bind("memory", WorkLedger.FAILURE_MEMORY.toMillis())
          .execute();
    }
    return buried;
  }

  private Update unreadable(Handle handle, String statement, Unreadable work, Failure failure) {
    return Rows.bind(handle.createUpdate(sql.of(statement)), failure)
        .bind("scope", work.scope())
        .bind("digest", work.digest())
        .bind("kind", work.kind())
        .bind("variant", work.variant());
  }

  /** The ledger's time. */
  Instant now(Handle handle) {
    return handle
        .createQuery(sql.of(CustodyStatements.NOW))
        .map((row, context) -> Rows.instant(row, "now"))
        .one();
  }

  /** Refuses a key that a row of this asset or variant could not name. */
  static StorageKey.Parts requireOwnKey(
      StorageKey key, AssetId asset, @Nullable VariantKey variant) {
    return key.parts()
        .filter(p -> p.asset().equals(asset))
        .filter(p -> p.variant().equals(Optional.ofNullable(variant)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "storage key: expected one of "
                        + (variant == null ? asset : Subject.derive(asset, variant))
                        + ", found "
                        + key));
  }
}
