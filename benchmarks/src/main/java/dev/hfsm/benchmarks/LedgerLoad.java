package dev.hfsm.benchmarks;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settled.Outcome;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.sql.DataSource;

/** Assets and work as a busy ledger has them; the work itself takes no time. */
final class LedgerLoad {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final int VARIANTS = 5;
  private static final MediaType WEBP = MediaType.parse("image/webp");
  private static final Facts LEARNED =
      Facts.of(Fact.WIDTH, 4000).with(Fact.HEIGHT, 3000).with(Fact.MAKE, "Maker");

  /** A backlog is written straight into the tables: how it came there is measured elsewhere. */
  private static final String ASSETS =
      """
      INSERT INTO hfsm_asset (scope, digest, size, storage_key, state, facts, uploads, admitted_at,
        changed_at, event, attempt)
      SELECT '', d, 4200000, 'raw/' || d, '%s', 'mediaType=image/jpeg', 1, t, t, 'ADMITTED', 0
      FROM (SELECT encode(sha256(convert_to('%s' || i, 'UTF8')), 'hex') AS d,
        CAST(extract(epoch FROM now()) * 1000 AS bigint) AS t
        FROM generate_series(1, %d) AS i) AS n
      """;

  private final DataSource database;
  private final AssetLedger ledger;
  private final AtomicLong next = new AtomicLong();

  LedgerLoad(DataSource database, AssetLedger ledger) {
    this.database = database;
    this.ledger = ledger;
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
      "TRUNCATE hfsm_asset, hfsm_reference, hfsm_released, hfsm_variant, hfsm_work, hfsm_history,"
          + " hfsm_garbage";

  private static final String SETTLE_DOWN =
      "VACUUM ANALYZE hfsm_asset, hfsm_variant, hfsm_work, hfsm_history";

  void empty() throws SQLException {
    execute(EMPTY, "CHECKPOINT");
  }

  /** That many variants, five to an asset that has none yet. */
  void owe(int variants) throws SQLException {
    execute(
        EMPTY,
        ASSETS.formatted("INGESTED", "v" + next.incrementAndGet(), variants / VARIANTS),
        "ALTER TABLE hfsm_asset DISABLE TRIGGER hfsm_asset_changed",
        "UPDATE hfsm_asset SET state = 'METADATA_READY'",
        "ALTER TABLE hfsm_asset ENABLE TRIGGER hfsm_asset_changed",
        """
        INSERT INTO hfsm_variant (scope, digest, variant, transformation, transformer, state,
          requested_at)
        SELECT scope, digest, encode(sha256(convert_to(digest || i, 'UTF8')), 'hex'), 'inside(1,1)',
          'test@1', 'REQUESTED', admitted_at FROM hfsm_asset, generate_series(1, %d) AS i
        """
            .formatted(VARIANTS),
        """
        INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts)
        SELECT scope, digest, 'DERIVE', variant, 0, requested_at, 0 FROM hfsm_variant
        """,
        SETTLE_DOWN,
        "CHECKPOINT");
  }

  /** That many assets whose inspection is owed. */
  void describe(int assets) throws SQLException {
    execute(
        EMPTY,
        ASSETS.formatted("INGESTED", "i" + next.incrementAndGet(), assets),
        """
        INSERT INTO hfsm_work (scope, digest, kind, variant, priority, due_at, attempts)
        SELECT scope, digest, 'INSPECT', '', 0, admitted_at, 0 FROM hfsm_asset
        """,
        SETTLE_DOWN,
        "CHECKPOINT");
  }

  Crowd.Step admitting() {
    return thread -> {
      byte[] content = ByteBuffer.allocate(8).putLong(next.incrementAndGet()).array();
      AssetId id = AssetId.of(Digest.ofContent(content));
      StorageKey key = StorageKey.raw(id, Stamp.of(Instant.now(), ThreadLocalRandom.current()));
      Facts facts = Facts.of(Fact.MEDIA_TYPE, MediaType.JPEG).with(Fact.FILE_NAME, "IMG_0001.JPG");
      ledger
          .intake()
          .admit(new Admission(id, 4_200_000, key, ReferenceName.implicit(id.digest()), facts));
      return 1;
    };
  }

  Crowd.Step deriving(int batch) {
    return thread -> {
      List<Claim> claims = claim(thread, WorkKind.DERIVE, batch);
      settle(claims, LedgerLoad::rendered);
      return claims.size();
    };
  }

  private static Settlement rendered(Claim claim) {
    Subject subject = claim.lease().subject();
    VariantKey variant = subject.variant();
    if (variant == null) {
      throw new IllegalStateException("expected work on a variant, found " + subject);
    }
    StorageKey key =
        StorageKey.variant(
            subject.asset(), variant, Stamp.of(claim.now(), ThreadLocalRandom.current()), "webp");
    return new Settlement.Rendered(
        claim.lease(),
        new VariantContent(
            key,
            new BlobRef(subject.asset().digest(), 50_000),
            WEBP,
            320,
            200,
            Duration.ofMillis(40)));
  }

  Crowd.Step inspecting(int batch) {
    return thread -> {
      List<Claim> claims = claim(thread, WorkKind.INSPECT, batch);
      settle(claims, c -> new Settlement.Step(c.lease(), AssetEvent.FINGERPRINTED, LEARNED));
      settle(claims, c -> new Settlement.Step(c.lease(), AssetEvent.DESCRIBED, Facts.NONE));
      return claims.size();
    };
  }

  private List<Claim> claim(int thread, WorkKind kind, int batch) {
    return ledger
        .work()
        .claim(ClaimRequest.due("worker-" + thread, EnumSet.of(kind), batch, LEASE));
  }

  private void settle(List<Claim> claims, Function<Claim, Settlement> how) {
    for (Settled settled : ledger.work().settle(claims.stream().map(how).toList())) {
      if (settled.outcome() != Outcome.DONE) {
        throw new IllegalStateException("expected work to be settled, found " + settled);
      }
    }
  }
}
