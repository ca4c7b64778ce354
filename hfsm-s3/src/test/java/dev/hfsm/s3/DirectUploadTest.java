package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.AssetPipeline;
import dev.hfsm.DirectUpload;
import dev.hfsm.Ingested;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.PreparedUpload;
import dev.hfsm.PreparedUpload.Transfer;
import dev.hfsm.Upload;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.InvalidTicketException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.Presentation;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** Bytes that go straight to the store, sent by a client that knows nothing but HTTP. */
class DirectUploadTest {

  private static final byte[] BYTES =
      ("GIF89a" + "x".repeat(3000)).getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.ofContent(BYTES);
  private static final byte[] SECRET = new byte[32];

  @TempDir static Path folder;
  @TempDir Path spool;
  private static TestServer server;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Hands clock = new Hands();
  private final InMemoryLedger ledger = new InMemoryLedger(clock);
  private S3BlobStore store;
  private AssetPipeline assets;

  /** A clock that is set by hand. */
  private static final class Hands implements InstantSource {
    private Instant now = Instant.now();

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.onDisk(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() {
    store = S3BlobStore.open(server.freshBucket().prefix("up"), TestServer.credentials());
    assets = builder().uploadSecret(SECRET).build();
  }

  private PipelineBuilder builder() {
    return AssetPipeline.builder()
        .ledger(ledger)
        .blobs(store)
        .clock(clock)
        .spool(spool.resolve("spool"))
        .maxUploadBytes(1_000_000)
        .random(new Random(5));
  }

  @AfterEach
  void close() {
    assets.close();
    store.close();
  }

  private static DirectUpload upload() {
    return DirectUpload.of(DIGEST, BYTES.length).as("product/42/hero").named("hero.gif");
  }

  private Transfer prepared(DirectUpload upload) {
    return assets.prepareUpload(upload).transfer().orElseThrow();
  }

  private int send(Transfer transfer, byte[] bytes) throws Exception {
    return send(transfer.request().url(), transfer.request().headers(), bytes);
  }

  private int send(URI url, Map<String, String> headers, byte[] bytes) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url).PUT(BodyPublishers.ofByteArray(bytes));
    headers.forEach(request::header);
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private List<StorageKey> objects() {
    return store.list("", Cursor.START, 100).items().stream()
        .filter(key -> !key.text().startsWith("hfsm/"))
        .toList();
  }

  @Test
  void whatWasSentStraightToTheStoreIsAnAssetOnceItIsCompleted() throws Exception {
    Transfer transfer = prepared(upload());
    assertThat(send(transfer, BYTES)).isEqualTo(200);
    Ingested asset = assets.completeUpload(transfer.ticket());

    assertThat(asset.outcome()).isEqualTo(Ingested.Outcome.CREATED);
    assertThat(asset.id()).isEqualTo(AssetId.of(DIGEST));
    AssetRow row = assets.find(asset.id()).orElseThrow();
    assertThat(row.facts().get(Fact.FILE_NAME)).contains("hero.gif");
    assertThat(row.facts().get(Fact.MEDIA_TYPE)).as("by its bytes").contains(MediaType.GIF);
    assertThat(assets.references(asset.id())).hasSize(1);
    assertThat(objects()).as("the landing place is cleared").containsExactly(row.key());
    try (InputStream in = assets.open(asset.id()).open()) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
  }

  @Test
  void whatWasSaidOfVisibilityTravelsWithTheTicketAndIsHeardOfDuplicatesToo() throws Exception {
    Transfer transfer = prepared(upload().visibility(Visibility.PUBLIC));
    send(transfer, BYTES);
    AssetId id = assets.completeUpload(transfer.ticket()).id();
    assertThat(assets.find(id).orElseThrow().visibility()).isEqualTo(Visibility.PUBLIC);
    assertThat(assets.prepareUpload(upload()).transfer()).as("owned already").isEmpty();
    assertThat(assets.find(id).orElseThrow().visibility()).isEqualTo(Visibility.PUBLIC);
    assets.prepareUpload(upload().visibility(Visibility.PRIVATE));
    assertThat(assets.find(id).orElseThrow().visibility()).isEqualTo(Visibility.PRIVATE);
  }

  @Test
  void completingTwiceIsADuplicate() throws Exception {
    Transfer transfer = prepared(upload());
    send(transfer, BYTES);
    assets.completeUpload(transfer.ticket());
    assertThat(assets.completeUpload(transfer.ticket()).outcome())
        .isEqualTo(Ingested.Outcome.DUPLICATE);
    assertThat(objects()).hasSize(1);
  }

  @Test
  void aTicketOfAnAssetThatWasPurgedBringsNothingBack() throws Exception {
    Transfer transfer = prepared(upload());
    send(transfer, BYTES);
    AssetId id = assets.completeUpload(transfer.ticket()).id();
    assets.maintenance().purge(id);
    assertThatThrownBy(() -> assets.completeUpload(transfer.ticket()))
        .isInstanceOf(BlobNotFoundException.class);
    assertThat(assets.find(id)).isEmpty();
  }

  @Test
  void theServerRefusesOtherBytes() throws Exception {
    Transfer transfer = prepared(upload());
    byte[] wrong = BYTES.clone();
    wrong[7] ^= 1;
    assertThat(send(transfer, wrong)).as("bytes of another digest").isEqualTo(400);
    assertThat(send(transfer, new byte[BYTES.length - 1])).as("too few bytes").isEqualTo(403);
    assertThat(send(transfer, new byte[BYTES.length + 1])).as("too many bytes").isEqualTo(403);
    assertThat(objects()).isEmpty();
    assertThatThrownBy(() -> assets.completeUpload(transfer.ticket()))
        .isInstanceOf(BlobNotFoundException.class);
    assertThat(send(transfer, BYTES)).as("the right bytes after that").isEqualTo(200);
    assertThat(assets.completeUpload(transfer.ticket()).outcome())
        .isEqualTo(Ingested.Outcome.CREATED);
  }

  @Test
  void theServerRefusesARequestThatWasChanged() throws Exception {
    Transfer transfer = prepared(upload());
    Map<String, String> headers = new HashMap<>(transfer.request().headers());
    byte[] others = new byte[BYTES.length];
    headers.put("x-amz-checksum-sha256", ObjectRequests.checksum(Digest.ofContent(others)));
    assertThat(send(transfer.request().url(), headers, others))
        .as("another checksum than the one signed")
        .isEqualTo(403);
    assertThat(send(transfer.request().url(), Map.of(), BYTES))
        .as("without the headers that were signed")
        .isEqualTo(403);
    URI elsewhere = URI.create(transfer.request().url().toString().replace("/land/", "/var/"));
    assertThat(send(elsewhere, transfer.request().headers(), BYTES))
        .as("under another key")
        .isEqualTo(403);
    assertThat(objects()).isEmpty();
  }

  @Test
  void aRequestCanBeMadeOnce() throws Exception {
    Transfer transfer = prepared(upload());
    assertThat(send(transfer, BYTES)).isEqualTo(200);
    assertThat(send(transfer, BYTES)).as("the key is taken").isEqualTo(412);
  }

  @Test
  void aServerThatLetOtherBytesInIsNotBelieved() throws Exception {
    Transfer transfer = prepared(upload());
    StorageKey landing = landing(transfer);
    byte[] others = new byte[BYTES.length];
    server
        .admin()
        .putObject(
            r -> r.bucket(bucket(transfer)).key("up/" + landing), RequestBody.fromBytes(others));
    assertThatThrownBy(() -> assets.completeUpload(transfer.ticket()))
        .isInstanceOf(IntegrityException.class);
    assertThat(objects()).as("what was wrong is removed").isEmpty();
    assertThat(send(transfer, BYTES)).as("the right bytes after that").isEqualTo(200);
    assets.completeUpload(transfer.ticket());
  }

  private static StorageKey landing(Transfer transfer) {
    String path = transfer.request().url().getPath();
    return new StorageKey(path.substring(path.indexOf("/up/") + 4));
  }

  private static String bucket(Transfer transfer) {
    return transfer.request().url().getPath().split("/")[1];
  }

  @Test
  void aScopeThatOwnsTheBytesSendsNothing() {
    Ingested before = assets.ingest(Upload.of(BYTES));
    PreparedUpload prepared = assets.prepareUpload(upload());
    assertThat(prepared.transfer()).isEmpty();
    assertThat(((PreparedUpload.Owned) prepared).asset().id()).isEqualTo(before.id());
    assertThat(assets.references(before.id())).as("claimed by both names").hasSize(2);
  }

  @Test
  void bytesOfAnotherScopeLookLikeUnknownOnes() {
    assets.ingest(Upload.of(BYTES).in(Scope.of("theirs")));
    Transfer known = prepared(upload().in(Scope.of("ours")));
    Digest unknownDigest = Digest.ofContent(new byte[] {9});
    Transfer unknown =
        prepared(
            DirectUpload.of(unknownDigest, BYTES.length)
                .as("product/42/hero")
                .named("hero.gif")
                .in(Scope.of("ours")));
    assertThat(known.request().headers().keySet()).isEqualTo(unknown.request().headers().keySet());
    assertThat(known.ticket()).hasSameSizeAs(unknown.ticket());
    assertThat(assets.find(new AssetId(Scope.of("ours"), DIGEST))).isEmpty();
  }

  @Test
  void aTicketThatWasChangedOrMadeUpIsRefused() throws Exception {
    Transfer mine = prepared(upload().in(Scope.of("mine")));
    send(mine, BYTES);
    byte[] sealed = Base64.getUrlDecoder().decode(mine.ticket());
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(
              () ->
                  assets.completeUpload(
                      Base64.getUrlEncoder().withoutPadding().encodeToString(changed)))
          .as("a ticket with another byte at %s", i)
          .isInstanceOf(InvalidTicketException.class);
    }
    for (String text : List.of("", "x", "not a ticket", mine.ticket().substring(1))) {
      assertThatThrownBy(() -> assets.completeUpload(text))
          .isInstanceOf(InvalidTicketException.class);
    }
    assertThat(assets.list(Scope.of("mine"), Cursor.START, 10).items()).isEmpty();
  }

  @Test
  void aTicketIsCompletedByANodeOfTheSameSecretAlone() throws Exception {
    Transfer transfer = prepared(upload());
    send(transfer, BYTES);
    try (AssetPipeline stranger = builder().build()) {
      assertThatThrownBy(() -> stranger.completeUpload(transfer.ticket()))
          .isInstanceOf(InvalidTicketException.class)
          .hasMessageContaining("uploadSecret");
    }
    try (AssetPipeline other = builder().uploadSecret(SECRET).build()) {
      assertThat(other.completeUpload(transfer.ticket()).outcome())
          .isEqualTo(Ingested.Outcome.CREATED);
    }
  }

  @Test
  void anOldTicketIsRefusedAndWhatNobodyCompletedIsSwept() throws Exception {
    assets.ingest(Upload.of(new byte[] {1})); // so that the store says whose it is
    Transfer transfer = prepared(upload());
    send(transfer, BYTES);
    assertThat(objects()).hasSize(2);
    clock.now = clock.now.plus(Duration.ofHours(13));
    assertThatThrownBy(() -> assets.completeUpload(transfer.ticket()))
        .isInstanceOf(InvalidTicketException.class)
        .hasMessageContaining("12 hours");
    clock.now = clock.now.plus(Duration.ofHours(12));
    assets
        .maintenance()
        .sweep(new SweepOptions(Mode.REAL, SweepOptions.Allowance.BOUNDED), key -> {});
    assertThat(objects()).as("what a row names").hasSize(1);
  }

  @Test
  void theServerRefusesARequestWhoseTimeIsOver() throws Exception {
    Transfer transfer = prepared(upload().validFor(Duration.ofSeconds(1)));
    int status = send(transfer, new byte[BYTES.length]); // other bytes, refused all the same
    while (status == 400) { // until the second is over
      status = send(transfer, new byte[BYTES.length]);
    }
    assertThat(status).isEqualTo(403);
    assertThat(objects()).isEmpty();
  }

  @Test
  void moreBytesThanAllowedAreRefusedBeforeAnythingIsSent() {
    assertThatThrownBy(() -> assets.prepareUpload(DirectUpload.of(DIGEST, 1_000_001)))
        .isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> DirectUpload.of(DIGEST, 0)).isInstanceOf(LimitExceededException.class);
  }

  @Test
  void aStoreThatSignsNothingSaysSo() {
    try (AssetPipeline memory =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(clock))
            .blobs(new InMemoryBlobStore())
            .build()) {
      assertThatThrownBy(() -> memory.prepareUpload(upload()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Presigner");
    }
  }

  @Test
  void aSignedAddressServesTheBytesAsItWasTold() throws Exception {
    AssetId id = assets.ingest(Upload.of(BYTES)).id();
    StorageKey key = assets.find(id).orElseThrow().key();
    URI address =
        store
            .capability(Presigner.class)
            .orElseThrow()
            .get(key, Duration.ofMinutes(1), Presentation.attachment(MediaType.GIF));
    HttpResponse<byte[]> answer = get(address, "bytes=0-5");
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo("GIF89a".getBytes(StandardCharsets.UTF_8));
    assertThat(answer.headers().firstValue("Content-Type")).contains("image/gif");
    assertThat(answer.headers().firstValue("Content-Disposition")).contains("attachment");
    URI changed = URI.create(address.toString().replace("attachment", "inline"));
    assertThat(get(changed, "bytes=0-5").statusCode()).isEqualTo(403);
  }

  private HttpResponse<byte[]> get(URI address, String range)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(address).header("Range", range).build(), BodyHandlers.ofByteArray());
  }
}
