package dev.hfsm.benchmarks;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * The rows that the ledger's contract asks for, written by hand with nothing around them: what any
 * ledger of this contract on this server stays below. An admission commits an asset, its reference,
 * the work it is owed and an entry of the history. A variant is claimed under a new fence, and
 * settled by one statement that checks the fence, takes the work away, writes the variant, moves
 * its asset and tells the history. No row is checked, nothing is locked in order, no answer read,
 * no duplicate, garbage or collection thought of, and each table has the fewest indexes.
 */
final class BareContract {

  private static final String ADMIT =
      """
      WITH a AS (
        INSERT INTO bare_asset (scope, digest, size, storage_key, state, facts, at)
        VALUES ('', ?, 4200000, ?, 'INGESTED', 'fileName=IMG_0001.JPG;mediaType=image/jpeg', 1)
        RETURNING scope, digest),
      r AS (INSERT INTO bare_reference SELECT scope, 'sha256:' || digest, digest, 1 FROM a),
      h AS (INSERT INTO bare_history (scope, digest, to_state, event, at)
        SELECT scope, digest, 'INGESTED', 'ADMITTED', 1 FROM a)
      INSERT INTO bare_work (scope, digest, kind, variant, due_at)
      SELECT scope, digest, 'INSPECT', '', 1 FROM a
      """;

  private static final String CLAIM =
      """
      UPDATE bare_work AS w SET attempts = attempts + 1, fence = nextval('bare_fence'),
        worker = ?, leased_until = 9000000000000
      FROM (SELECT ctid AS place FROM bare_work
        WHERE kind = 'DERIVE' AND leased_until IS NULL
        ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED) AS i
      WHERE w.ctid = i.place
      RETURNING w.digest, w.variant, w.fence
      """;

  private static final String SETTLE =
      """
      WITH i AS (SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[]) AS i(digest, variant, fence)),
      d AS (
        DELETE FROM bare_work AS w USING i
        WHERE w.scope = '' AND w.digest = i.digest AND w.kind = 'DERIVE' AND w.variant = i.variant
          AND w.fence = i.fence AND w.leased_until > 1
        RETURNING w.digest, w.variant),
      v AS (
        UPDATE bare_variant AS v SET state = 'READY', content_digest = v.digest,
          storage_key = 'var/ab/cd/' || v.digest || '/' || v.variant || '-0123456789abcdef.webp',
          content_size = 50000, media_type = 'image/webp', width = 320, height = 200,
          cost_nanos = 40000000
        FROM d WHERE v.scope = '' AND v.digest = d.digest AND v.variant = d.variant),
      m AS (
        UPDATE bare_asset AS a SET state = 'VARIANTS_READY'
        FROM (SELECT DISTINCT digest FROM d ORDER BY digest) AS n
        WHERE a.scope = '' AND a.digest = n.digest AND a.state = 'METADATA_READY'
        RETURNING a.digest)
      INSERT INTO bare_history (scope, digest, from_state, to_state, event, at)
      SELECT '', digest, 'METADATA_READY', 'VARIANTS_READY', 'FIRST_VARIANT_PUBLISHED', 1 FROM m
      """;

  private final DataSource database;
  private final AtomicLong next = new AtomicLong();

  BareContract(DataSource database) throws SQLException {
    this.database = database;
    execute(
        "CREATE SEQUENCE bare_fence",
        "CREATE TABLE bare_asset (scope text COLLATE \"C\", digest text COLLATE \"C\", size bigint,"
            + " storage_key text, state text, facts text, at bigint, PRIMARY KEY (scope, digest))"
            + " WITH (fillfactor = 80)",
        "CREATE TABLE bare_reference (scope text COLLATE \"C\", name text COLLATE \"C\","
            + " digest text COLLATE \"C\", since bigint, PRIMARY KEY (scope, name))",
        "CREATE INDEX ON bare_reference (scope, digest)",
        "CREATE TABLE bare_history (seq bigint GENERATED ALWAYS AS IDENTITY, scope text COLLATE"
            + " \"C\", digest text COLLATE \"C\", from_state text, to_state text, event text,"
            + " at bigint, PRIMARY KEY (scope, digest, seq))",
        "CREATE TABLE bare_variant (scope text COLLATE \"C\", digest text COLLATE \"C\", variant text"
            + " COLLATE \"C\", state text, storage_key text, content_digest text, content_size"
            + " bigint, media_type text, width integer, height integer, cost_nanos bigint,"
            + " PRIMARY KEY (scope, digest, variant))",
        "CREATE TABLE bare_work (scope text COLLATE \"C\", digest text COLLATE \"C\", kind text"
            + " COLLATE \"C\", variant text COLLATE \"C\", due_at bigint, attempts integer DEFAULT 0,"
            + " fence bigint DEFAULT 0, worker text, leased_until bigint,"
            + " PRIMARY KEY (scope, digest, kind, variant)) WITH (fillfactor = 80)",
        "CREATE INDEX ON bare_work (kind, due_at) WHERE leased_until IS NULL");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    }
  }

  private static final String EMPTY =
      "TRUNCATE bare_asset, bare_reference, bare_history, bare_variant, bare_work";

  void empty() throws SQLException {
    execute(EMPTY, "CHECKPOINT");
  }

  /** That many variants, five to an asset. */
  void owe(int variants) throws SQLException {
    execute(
        EMPTY,
        "INSERT INTO bare_asset SELECT '', encode(sha256(convert_to('"
            + next.incrementAndGet()
            + "b' || i, 'UTF8')), 'hex'), 4200000, 'raw/' || i, 'METADATA_READY',"
            + " 'mediaType=image/jpeg', 1 FROM generate_series(1, "
            + variants / 5
            + ") AS i",
        "INSERT INTO bare_variant (scope, digest, variant, state) SELECT scope, digest,"
            + " encode(sha256(convert_to(digest || i, 'UTF8')), 'hex'), 'REQUESTED'"
            + " FROM bare_asset, generate_series(1, 5) AS i",
        "INSERT INTO bare_work (scope, digest, kind, variant, due_at)"
            + " SELECT scope, digest, 'DERIVE', variant, 1 FROM bare_variant",
        "VACUUM ANALYZE bare_asset, bare_variant, bare_work, bare_history",
        "CHECKPOINT");
  }

  Crowd.Step admitting() {
    return thread -> {
      byte[] content = ByteBuffer.allocate(8).putLong(next.incrementAndGet()).array();
      String digest =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
      try (Connection connection = database.getConnection();
          PreparedStatement admit = connection.prepareStatement(ADMIT)) {
        admit.setString(1, digest);
        admit.setString(2, "raw/ab/cd/" + digest + "-0123456789abcdef0123456789");
        return admit.executeUpdate();
      }
    };
  }

  Crowd.Step deriving(int batch) {
    return thread -> {
      List<String> digests = new ArrayList<>();
      List<String> variants = new ArrayList<>();
      List<Long> fences = new ArrayList<>();
      try (Connection connection = database.getConnection()) {
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
          claim.setString(1, "worker-" + thread);
          claim.setInt(2, batch);
          try (ResultSet rows = claim.executeQuery()) {
            while (rows.next()) {
              digests.add(rows.getString(1));
              variants.add(rows.getString(2));
              fences.add(rows.getLong(3));
            }
          }
        }
        try (PreparedStatement settle = connection.prepareStatement(SETTLE)) {
          settle.setArray(1, connection.createArrayOf("text", digests.toArray()));
          settle.setArray(2, connection.createArrayOf("text", variants.toArray()));
          settle.setArray(3, connection.createArrayOf("bigint", fences.toArray()));
          settle.executeUpdate();
        }
      }
      return digests.size();
    };
  }
}
