package dev.hfsm;

import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.custody.Mode;
import dev.hfsm.custody.Refusal;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.error.InvalidTicketException;
import dev.hfsm.internal.Tickets;
import dev.hfsm.internal.Tickets.Ticket;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients put into the store and nobody fetches from there in time. */
@Timeout(300)
class LandingsTest {

  private static final SweepOptions REAL = new SweepOptions(Mode.REAL, Allowance.BOUNDED);
  private static final Duration LONG = Duration.ofHours(25);
  private static final byte[] SECRET = new byte[Tickets.MIN_SECRET];

  @TempDir Path spool;
  private final Random random = new Random(3);
  private Scene scene;
  private StrayObjects strays;
  private AssetPipeline assets;

  @BeforeEach
  void build() {
    scene = new Scene(spool);
    strays = new StrayObjects(scene.blobs);
    assets = scene.built(scene.builder().uploadSecret(SECRET));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static AssetId asset(Scope scope, byte[] bytes) {
    return new AssetId(scope, Digest.ofContent(bytes));
  }

  private Stamp stamp() {
    return Stamp.of(scene.clock.instant(), random);
  }

  private List<StorageKey> landings(int count) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = toy("abandoned " + i);
      Scope scope = i % 2 == 0 ? Scope.DEFAULT : Scope.of("land");
      keys.add(strays.put(StorageKey.landing(asset(scope, bytes), stamp()), bytes));
    }
    return keys;
  }

  private List<StorageKey> orphans(int count) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(strays.original(toy("orphan " + i), scene.clock.instant()));
    }
    return keys;
  }

  private boolean isThere(StorageKey key) {
    return scene.blobs.stat(key).isPresent();
  }

  private SweepReport sweep(SweepOptions options) {
    return assets.maintenance().sweep(options, key -> {});
  }

  @Test
  void howeverManyOfThemDoNotSwitchTheSweepOff() {
    AssetId kept = assets.ingest(Upload.of(toy("kept"))).id();
    List<StorageKey> landings = landings(150);
    List<StorageKey> orphans = orphans(3);
    scene.clock.move(LONG);
    StorageKey young = landings(1).get(0);

    SweepReport dry = sweep(new SweepOptions(Mode.DRY_RUN, Allowance.BOUNDED));
    assertThat(dry.landings()).isEqualTo(150);
    assertThat(dry.orphans()).isEqualTo(3);
    assertThat(dry.foreign()).isZero();
    assertThat(landings).allMatch(this::isThere);

    List<StorageKey> told = new ArrayList<>();
    SweepReport report = assets.maintenance().sweep(REAL, told::add);
    assertThat(report.refusal()).isNull();
    assertThat(report.deleted()).isEqualTo(153);
    assertThat(report.scanned()).as("landings are not weighed").isEqualTo(4);
    assertThat(told).containsAll(landings).containsAll(orphans).hasSize(153);
    assertThat(landings).noneMatch(this::isThere);
    assertThat(isThere(young)).isTrue();
    assertThat(isThere(assets.find(kept).orElseThrow().key())).isTrue();
  }

  @Test
  void theyGoAndTheOrphansStayIfThereAreTooManyOrphans() {
    List<StorageKey> landings = landings(3000);
    List<StorageKey> orphans = orphans(101);
    scene.clock.move(LONG);
    SweepReport report = sweep(REAL);
    assertThat(report.refusal()).as("3000 landings allow for no more orphans").isNotNull();
    assertThat(report.refusal().reason()).isEqualTo(Refusal.Reason.TOO_MANY);
    assertThat(report.orphans()).isEqualTo(101);
    assertThat(report.deleted()).isEqualTo(3000).isEqualTo(report.landings());
    assertThat(landings).noneMatch(this::isThere);
    assertThat(orphans).allMatch(this::isThere);
    assertThat(sweep(new SweepOptions(Mode.REAL, Allowance.UNBOUNDED)).deleted()).isEqualTo(101);
  }

  @Test
  void thoseOfAStoreInsideThisOneAreLeftAlone() {
    StorageKey inside = landings(2).get(1);
    strays.put(new StorageKey("land/hfsm/store-id/another-" + stamp()), toy("another"));
    scene.clock.move(LONG);
    assertThat(sweep(REAL).landings()).isEqualTo(1);
    assertThat(isThere(inside)).isTrue();
  }

  private String ticket(StorageKey landing, int size) {
    return new Tickets(SECRET)
        .seal(new Ticket(landing, size, ReferenceName.of("hero"), Facts.NONE, null));
  }

  @Test
  void whatLandedIsCompletedAlsoWhereTheVersionBeforeLetItLand() {
    byte[] now = toy("of this version");
    byte[] before = toy("of the version before");
    for (byte[] bytes : List.of(now, before)) {
      AssetId id = asset(Scope.DEFAULT, bytes);
      StorageKey landing =
          bytes == now ? StorageKey.landing(id, stamp()) : StorageKey.raw(id, stamp());
      strays.put(landing, bytes);
      Ingested done = assets.completeUpload(ticket(landing, bytes.length));
      assertThat(done.id()).isEqualTo(id);
      assertThat(assets.find(id).orElseThrow().key().parts()).isPresent();
      assertThat(assets.find(id).orElseThrow().key()).isNotEqualTo(landing);
      assertThat(isThere(landing)).isFalse();
    }
  }

  @Test
  void aTicketThatNamesNoPlaceToLandOnIsRefused() {
    AssetId id = asset(Scope.DEFAULT, toy("x"));
    VariantKey variant = VariantKey.ofHex(id.digest().hex());
    for (StorageKey key :
        List.of(
            new StorageKey("backup/of/something.zip"),
            StorageKey.variant(id, variant, stamp(), "bin"))) {
      assertThatThrownBy(() -> assets.completeUpload(ticket(key, 5)))
          .isInstanceOf(InvalidTicketException.class);
    }
  }
}
