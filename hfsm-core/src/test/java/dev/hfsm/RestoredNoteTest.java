package dev.hfsm;

import static dev.hfsm.ToyTransformer.toy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.custody.Mode;
import dev.hfsm.custody.ScrubOptions;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Chore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was done since a restore is noted, whoever else holds the note and whatever fails. */
@Timeout(300)
class RestoredNoteTest {

  private static final String NOTE = "restored";
  private static final String SCRUBBED = "scrub (done), adopt, then sweep";

  /** More than are looked at between two notes of how far a scrub has come. */
  private static final int ASSETS = 250;

  @TempDir Path spool;
  private Scene scene;
  private AssetPipeline assets;

  @BeforeEach
  void restore() {
    scene = new Scene(spool);
    assets = scene.built(scene.builder()); // nothing runs by itself
    for (int i = 0; i < ASSETS; i++) {
      assets.ingest(Upload.of(toy("toy " + i)));
    }
    new StrayObjects(scene.blobs)
        .markOfTheFuture(scene.ledger.custody().ledgerId(), scene.clock.instant());
    assertThat(whatIsToBeDone()).contains("scrub, adopt, then sweep");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private String whatIsToBeDone() {
    SweepOptions options = new SweepOptions(Mode.DRY_RUN, Allowance.BOUNDED);
    return assets.maintenance().sweep(options, key -> {}).refusal().found();
  }

  private static boolean isForTheNote(String name, Tap.Proceed proceed) {
    return name.equals("chores.lease") && proceed.arguments().contains(NOTE);
  }

  @Test
  void aScrubThatHasPassedWaitsUntilAnotherNodeLetsGoOfTheNote() {
    Chore others =
        scene.ledger.chores().lease(NOTE, "another node", Duration.ofDays(1)).orElseThrow();
    AtomicInteger asked = new AtomicInteger();
    scene.tap.intercept(
        (name, proceed) -> {
          if (isForTheNote(name, proceed) && asked.incrementAndGet() == 7) {
            scene.ledger.chores().release(others);
          }
          return proceed.now();
        });
    assertThat(assets.maintenance().scrub(ScrubOptions.full(), finding -> {}).isClean()).isTrue();
    assertThat(asked).hasValue(7);
    assertThat(whatIsToBeDone()).contains(SCRUBBED);
  }

  @Test
  void aScrubThatCouldNotBeNotedIsResumedAtItsLastPage() {
    scene.tap.intercept(
        (name, proceed) -> {
          if (isForTheNote(name, proceed)) {
            throw new LedgerException("away", null, true);
          }
          return proceed.now();
        });
    assertThatThrownBy(() -> assets.maintenance().scrub(ScrubOptions.full(), finding -> {}))
        .isInstanceOf(LedgerException.class)
        .hasMessage("away");
    scene.tap.intercept((name, proceed) -> proceed.now());
    scene.tap.forgetCalls();
    ScrubOptions resumed = new ScrubOptions(1, 0, Mode.REAL, ScrubOptions.Start.RESUMED);
    assets.maintenance().scrub(resumed, finding -> {});
    assertThat(scene.tap.count("blobs.open")).isBetween(1L, ASSETS / 2L);
    assertThat(whatIsToBeDone()).contains(SCRUBBED);
  }
}
