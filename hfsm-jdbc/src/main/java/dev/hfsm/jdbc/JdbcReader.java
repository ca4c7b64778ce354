package dev.hfsm.jdbc;

import static java.util.Comparator.comparing;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.VariantKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

final class JdbcReader implements LedgerReader {

  private final Transactions transactions;
  private final Sql sql;

  JdbcReader(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @Override
  public Optional<AssetRow> asset(AssetId asset) {
    return list("read an asset", Statements.ASSET, asset, (row, c) -> Rows.asset(row)).stream()
        .findFirst();
  }

  @Override
  public Page<AssetRow> assets(Scope scope, Cursor after, int limit) {
    long rows = Pages.rows(limit);
    List<AssetRow> found =
        read(
            "list assets",
            Statements.ASSETS,
            query ->
                query.bind("scope", scope.name()).bind("after", after.after()).bind("limit", rows),
            (row, c) -> Rows.asset(row));
    return Pages.of(found, limit, Function.identity(), row -> row.id().digest().hex());
  }

  @Override
  public Optional<VariantRow> variant(AssetId asset, VariantKey variant) {
    return read(
            "read a variant",
            Statements.VARIANT,
            query -> Rows.bind(query, asset).bind("variant", variant.hex()),
            (row, c) -> Rows.variant(row))
        .stream()
        .findFirst();
  }

  @Override
  public List<VariantRow> variants(AssetId asset) {
    return list("list variants", Statements.VARIANTS, asset, (row, c) -> Rows.variant(row));
  }

  @Override
  public List<HistoryEntry> history(AssetId asset) {
    return list("read a history", Statements.HISTORY, asset, (row, c) -> Rows.history(row));
  }

  /** Sorted here: databases compare UTF-8, Java compares UTF-16, and beyond U+FFFF they differ. */
  @Override
  public List<Reference> references(AssetId asset) {
    return list("list references", Statements.REFERENCES, asset, (row, c) -> Rows.reference(row))
        .stream()
        .sorted(comparing(Reference::name))
        .toList();
  }

  @Override
  public List<AssetId> samePixels(Scope scope, Digest pixels, int limit) {
    return read(
        "look for equal pixels",
        Statements.SAME_PIXELS,
        query ->
            query.bind("scope", scope.name()).bind("pixels", pixels.hex()).bind("limit", limit),
        (row, c) -> Rows.assetId(row, "a_"));
  }

  private <T> List<T> list(String what, String statement, AssetId asset, RowMapper<T> mapper) {
    return read(what, statement, query -> Rows.bind(query, asset), mapper);
  }

  private <T> List<T> read(
      String what, String statement, Function<Query, Query> binding, RowMapper<T> mapper) {
    return transactions.read(
        what, h -> binding.apply(h.createQuery(sql.of(statement))).map(mapper).list());
  }
}
