package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database is not there at a bad moment. */
@Timeout(1800)
class RoughDatabaseTest {

  /** So many ingests without a trouble of their own: there is no further answer to lose. */
  private static final int CALM = 5;

  @TempDir Path folder;
  private final Wire wire = new Wire(Postgres.port());
  private Site direct = new Site("", Path.of(""));
  private Site site = direct;

  @BeforeEach
  void site() {
    direct = Site.create(Site.Kind.POSTGRESQL, folder);
    site = direct.through(wire.port());
  }

  @AfterEach
  void close() {
    wire.close();
  }

  private static void saysThatARetryHelps(Throwable e) {
    assertThat(e).isInstanceOf(LedgerException.class).hasMessageStartingWith("ledger database: ");
    assertThat(((HfsmException) e).retryable()).isTrue();
  }

  @Test
  void aDatabaseThatIsDownAtTheStartIsToldOfAndCanBeOpenedLater() {
    wire.cut();
    assertThatThrownBy(() -> Node.open(site.impatient(), 2))
        .satisfies(RoughDatabaseTest::saysThatARetryHelps);
    wire.heal();
    try (Node node = Node.open(site, 4);
        AssetPipeline assets = node.pipeline().transformer(new Toys()).start()) {
      AssetId id = assets.ingest(Upload.of(Toys.toy("at last"))).id();
      assertThat(assets.awaitInspected(id, Factory.PATIENCE).state().isDescribed()).isTrue();
    }
  }

  @Test
  void anIngestIntoADatabaseThatIsDownIsNotAcknowledgedAndCanBeDoneAgain() {
    try (Node clean = Node.open(direct, 4);
        Node node = Node.openInTheEnd(site.impatient(), 4);
        AssetPipeline assets = node.pipeline().transformer(new Toys()).start()) {
      AssetId before = again(assets, Upload.of(Toys.toy("before"))).id();
      wire.cut();
      Upload upload = Upload.of(Toys.toy("during")).as("during");
      assertThatThrownBy(() -> assets.ingest(upload))
          .satisfies(RoughDatabaseTest::saysThatARetryHelps);
      wire.heal();
      AssetId during = again(assets, upload).id();
      Audit audit = new Audit(clean);
      assertThat(audit.stranded(Factory.PATIENCE)).isEmpty();
      assertThat(audit.lost(List.of(before, during))).isEmpty();
      assertThat(audit.assets()).hasSize(2);
    }
  }

  @Test
  void whicheverAnswerToAnIngestIsLostAskingAgainIsSafe() {
    try (Node clean = Node.open(direct, 4);
        Node node = Node.open(site, 4);
        AssetPipeline assets = node.pipeline().build()) {
      List<AssetId> ids = new ArrayList<>();
      int committed = 0;
      int lost = 0;
      int calm = 0;
      for (boolean none = false; !none; ) {
        Upload upload = Upload.of(Toys.toy("answer " + ids.size())).as("answer/" + ids.size());
        int before = wire.answersLost();
        wire.loseAnswers(lost, 1);
        boolean all = succeeds(assets, upload);
        wire.heal();
        lost += all ? 0 : 1;
        // An answer that the pool was waiting for, and not the ingest, tells nothing: once more.
        calm = all ? calm + 1 : 0;
        none = wire.answersLost() == before || calm == CALM;
        Ingested again = again(assets, upload);
        ids.add(again.id());
        committed += !all && again.outcome() == Ingested.Outcome.DUPLICATE ? 1 : 0;
      }
      assertThat(lost).as("a look-up and an admission at least").isGreaterThanOrEqualTo(2);
      assertThat(committed).as("what was committed without an answer").isPositive();
      assertThat(new Audit(clean).lost(ids)).isEmpty();
      assertThat(new Audit(clean).assets()).hasSameSizeAs(ids);
      assertThat(new Audit(clean).orphans()).as("what a row names is not put twice").isEmpty();
    }
  }

  private static boolean succeeds(AssetPipeline assets, Upload upload) {
    try {
      assets.ingest(upload);
      return true;
    } catch (LedgerException e) {
      saysThatARetryHelps(e);
      return false;
    }
  }

  @Test
  void aVariantThatCannotBePublishedIsMadeAgain() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger made = new AtomicInteger();
    Toys toys =
        new Toys(
            (step, line) -> {
              if (step == Toys.Step.RENDER) {
                made.incrementAndGet();
                inside.countDown();
                awaitCalmly(goOn);
              }
            });
    try (Node clean = Node.open(direct, 4);
        Node node = Node.open(site, 4);
        AssetPipeline assets = node.pipeline().transformer(toys).workers(2).start()) {
      AssetId id = assets.ingest(Upload.of(Toys.toy("during publish"))).id();
      assets.awaitInspected(id, Factory.PATIENCE);
      Factory.want(assets, id);
      inside.await();
      wire.cut();
      goOn.countDown();
      Audit audit = new Audit(clean);
      assertThat(audit.unfinished()).as("nothing is published over a cut line").isNotEmpty();
      wire.heal();
      assertThat(audit.stranded(Factory.PATIENCE)).isEmpty();
      assertThat(clean.ledger().reader().variants(id))
          .extracting(VariantRow::state)
          .containsExactly(VariantState.READY);
      assertThat(audit.rowsWithoutBytes()).isEmpty();
      assertThat(audit.orphans()).as("left to the sweep at most").hasSizeLessThan(made.get());
    }
  }

  @Test
  void aPipelineStartedBeforeItsDatabaseIsCutWorksOnWhenItIsBack() {
    try (Node clean = Node.open(direct, 4);
        Node node = Node.openInTheEnd(site.impatient(), 4);
        AssetPipeline asking = clean.pipeline().transformer(new Toys()).build();
        AssetPipeline working = node.pipeline().transformer(new Toys()).start()) {
      wire.silence();
      AssetId id = asking.ingest(Upload.of(Toys.toy("while it is silent"))).id();
      wire.heal();
      assertThat(asking.awaitInspected(id, Factory.PATIENCE).state().isDescribed()).isTrue();
      assertThat(clean.ledger().reader().history(id))
          .last()
          .extracting(HistoryEntry::worker)
          .isNotNull();
    }
  }

  /** As a caller would: a pool may hand out as many dead connections as it had. */
  private static Ingested again(AssetPipeline assets, Upload upload) {
    for (int i = 0; i < 10; i++) {
      try {
        return assets.ingest(upload);
      } catch (LedgerException e) {
        saysThatARetryHelps(e);
      }
    }
    return assets.ingest(upload);
  }

  private static void awaitCalmly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
