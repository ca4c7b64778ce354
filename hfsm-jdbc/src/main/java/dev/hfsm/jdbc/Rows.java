package dev.hfsm.jdbc;

import static java.util.stream.Collectors.joining;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Between columns and the model. Every column is read under its table's letter ({@code a_state}),
 * so that joins need no care.
 */
final class Rows {

  private static final String ASSET =
      "scope digest size storage_key state facts uploads admitted_at changed_at is_public hold"
          + " damage_code damage_message damage_retryable damage_at";
  private static final String VARIANT =
      "scope digest variant transformation transformer state requested_at storage_key"
          + " content_digest content_size media_type width height cost_nanos"
          + " failure_code failure_message failure_retryable failure_at retry_after";
  private static final String WORK =
      "scope digest kind variant priority due_at attempts fence worker leased_until"
          + " failure_code failure_message failure_retryable failure_at dead_at";

  private Rows() {}

  /** Garbage, or what is about to be; its columns have no letter. */
  static Discarded discarded(ResultSet row) throws SQLException {
    long size = row.getLong("size");
    Long known = row.wasNull() ? null : size;
    return new Discarded(new StorageKey(row.getString("storage_key")), known);
  }

  /**
   * The columns of an asset for a SELECT or RETURNING.
   *
   * @param qualifier {@code "a."}, or empty where a database takes bare names only
   */
  static String assetColumns(String qualifier) {
    return columns(ASSET, qualifier, "a_");
  }

  static String variantColumns(String qualifier) {
    return columns(VARIANT, qualifier, "v_");
  }

  static String workColumns(String qualifier) {
    return columns(WORK, qualifier, "w_");
  }

  private static String columns(String names, String qualifier, String prefix) {
    return Stream.of(names.split(" "))
        .map(name -> qualifier + name + " AS " + prefix + name)
        .collect(joining(", "));
  }

  static AssetRow asset(ResultSet row) throws SQLException {
    String hold = row.getString("a_hold");
    return new AssetRow(
        assetId(row, "a_"),
        row.getLong("a_size"),
        new StorageKey(row.getString("a_storage_key")),
        AssetState.valueOf(row.getString("a_state")),
        Facts.parse(row.getString("a_facts")),
        row.getLong("a_uploads"),
        instant(row, "a_admitted_at"),
        instant(row, "a_changed_at"),
        row.getBoolean("a_is_public") ? Visibility.PUBLIC : Visibility.PRIVATE,
        hold == null ? null : new HoldReason(hold),
        failure(row, "a_damage_"));
  }

  /** For the inner side of an outer join. */
  static @Nullable AssetRow assetOrNull(ResultSet row) throws SQLException {
    return row.getString("a_digest") == null ? null : asset(row);
  }

  static VariantRow variant(ResultSet row) throws SQLException {
    VariantState state = VariantState.valueOf(row.getString("v_state"));
    return new VariantRow(
        assetId(row, "v_"),
        VariantKey.ofHex(row.getString("v_variant")),
        row.getString("v_transformation"),
        TransformerId.parse(row.getString("v_transformer")),
        state,
        state == VariantState.READY ? content(row) : null,
        failure(row, "v_failure_"),
        instantOrNull(row, "v_retry_after"),
        instant(row, "v_requested_at"));
  }

  static @Nullable VariantRow variantOrNull(ResultSet row) throws SQLException {
    return row.getString("v_variant") == null ? null : variant(row);
  }

  private static VariantContent content(ResultSet row) throws SQLException {
    return new VariantContent(
        new StorageKey(row.getString("v_storage_key")),
        new BlobRef(new Digest(row.getString("v_content_digest")), row.getLong("v_content_size")),
        MediaType.parse(row.getString("v_media_type")),
        row.getInt("v_width"),
        row.getInt("v_height"),
        Duration.ofNanos(row.getLong("v_cost_nanos")));
  }

  static Subject subject(ResultSet row) throws SQLException {
    AssetId asset = assetId(row, "w_");
    return WorkKind.valueOf(row.getString("w_kind")) == WorkKind.INSPECT
        ? Subject.inspect(asset)
        : Subject.derive(asset, VariantKey.ofHex(row.getString("w_variant")));
  }

  static WorkRow work(ResultSet row) throws SQLException {
    return new WorkRow(
        subject(row),
        row.getInt("w_priority"),
        instant(row, "w_due_at"),
        row.getInt("w_attempts"),
        row.getString("w_worker"),
        instantOrNull(row, "w_leased_until"),
        failure(row, "w_failure_"),
        instantOrNull(row, "w_dead_at") != null);
  }

  static Hint hint(ResultSet row) throws SQLException {
    return new Hint(subject(row), instant(row, "w_due_at"), row.getInt("w_priority"));
  }

  static HistoryEntry history(ResultSet row) throws SQLException {
    String from = row.getString("h_from_state");
    return new HistoryEntry(
        assetId(row, "h_"),
        from == null ? null : AssetState.valueOf(from),
        AssetState.valueOf(row.getString("h_to_state")),
        AssetEvent.valueOf(row.getString("h_event")),
        row.getString("h_detail"),
        row.getString("h_worker"),
        row.getInt("h_attempt"),
        instant(row, "h_at"));
  }

  static Reference reference(ResultSet row) throws SQLException {
    return new Reference(
        assetId(row, "r_"), new ReferenceName(row.getString("r_name")), instant(row, "r_since"));
  }

  /**
   * @param prefix the table's letter and an underscore
   */
  static AssetId assetId(ResultSet row, String prefix) throws SQLException {
    return new AssetId(
        Scope.of(row.getString(prefix + "scope")), new Digest(row.getString(prefix + "digest")));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static @Nullable Failure failure(ResultSet row, String prefix) throws SQLException {
    String code = row.getString(prefix + "code");
    return code == null
        ? null
        : new Failure(
            code,
            row.getString(prefix + "message"),
            row.getBoolean(prefix + "retryable"),
            instant(row, prefix + "at"));
  }

  static <S extends SqlStatement<S>> S bind(S statement, AssetId asset) {
    return statement.bind("scope", asset.scope().name()).bind("digest", asset.digest().hex());
  }

  static <S extends SqlStatement<S>> S bind(S statement, Subject subject) {
    return bind(statement, subject.asset())
        .bind("kind", subject.kind().name())
        .bind("variant", variantText(subject));
  }

  static <S extends SqlStatement<S>> S bind(S statement, Lease lease) {
    return bind(statement, lease.subject())
        .bind("worker", lease.worker())
        .bind("fence", lease.fence());
  }

  static <S extends SqlStatement<S>> S bind(S statement, Failure failure) {
    return statement
        .bind("failure_code", failure.code())
        .bind("failure_message", failure.message())
        .bind("failure_retryable", failure.retryable())
        .bind("failure_at", failure.at().toEpochMilli());
  }

  /** The variant's key as a column: a key column is never null, so that it can be unique. */
  static String variantText(Subject subject) {
    VariantKey variant = subject.variant();
    return variant == null ? "" : variant.hex();
  }
}
