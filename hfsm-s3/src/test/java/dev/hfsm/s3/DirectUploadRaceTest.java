package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.DirectUpload;
import dev.hfsm.Ingested;
import dev.hfsm.Ingested.Outcome;
import dev.hfsm.PreparedUpload.Transfer;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.StorageKey;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One ticket, completed by many at the same time: one of them brings the asset in. */
@Timeout(300)
class DirectUploadRaceTest {

  private static final int ROUNDS = 10;
  private static final int HANDS = 8;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void ofManyWhoCompleteOneTicketOneCreatesAndNothingElseStays() throws Exception {
    ExecutorService hands = Executors.newFixedThreadPool(HANDS);
    try (TestServer server = TestServer.inMemory();
        S3BlobStore store = S3BlobStore.open(server.freshBucket(), TestServer.credentials());
        AssetPipeline assets =
            AssetPipeline.builder()
                .ledger(new InMemoryLedger(InstantSource.system()))
                .blobs(store)
                .uploadSecret(new byte[32])
                .build()) {
      for (int round = 1; round <= ROUNDS; round++) {
        byte[] bytes = ("picture " + round).getBytes(StandardCharsets.UTF_8);
        Transfer transfer = sent(assets, bytes);
        List<Outcome> outcomes =
            atOnce(hands, () -> assets.completeUpload(transfer.ticket())).stream()
                .map(Ingested::outcome)
                .toList();
        assertThat(outcomes).as("round %s", round).containsOnlyOnce(Outcome.CREATED);
        List<StorageKey> objects =
            store.list("", Cursor.START, 100).items().stream()
                .filter(key -> !key.text().startsWith("hfsm/"))
                .toList();
        assertThat(objects).as("one for each asset").hasSize(round);
        assertThat(assets.references(assets.completeUpload(transfer.ticket()).id())).hasSize(1);
      }
    } finally {
      hands.shutdownNow();
    }
  }

  private Transfer sent(AssetPipeline assets, byte[] bytes) throws Exception {
    DirectUpload upload = DirectUpload.of(Digest.ofContent(bytes), bytes.length);
    Transfer transfer = assets.prepareUpload(upload).transfer().orElseThrow();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(transfer.request().url()).PUT(BodyPublishers.ofByteArray(bytes));
    transfer.request().headers().forEach(request::header);
    assertThat(http.send(request.build(), BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    return transfer;
  }

  private interface Completing {
    Ingested complete();
  }

  private static List<Ingested> atOnce(ExecutorService hands, Completing completing)
      throws Exception {
    CyclicBarrier together = new CyclicBarrier(HANDS);
    List<Future<Ingested>> coming = new ArrayList<>();
    for (int i = 0; i < HANDS; i++) {
      coming.add(
          hands.submit(
              () -> {
                together.await();
                return completing.complete();
              }));
    }
    List<Ingested> all = new ArrayList<>();
    for (Future<Ingested> one : coming) {
      all.add(one.get());
    }
    return all;
  }
}
