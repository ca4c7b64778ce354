package dev.hfsm.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.cli.serve.Kept.Order;
import dev.hfsm.cli.serve.Kept.Shown;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept is listed with the newest first, for as long as there is little of it. */
class KeptTest {

  private static final Comparator<AssetId> BY_DIGEST =
      Comparator.comparing(id -> id.digest().hex());

  @TempDir Path spool;
  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private AssetPipeline assets;
  private final List<AssetId> newestFirst = new ArrayList<>();

  @BeforeEach
  void build() {
    assets =
        AssetPipeline.builder()
            .ledger(new InMemoryLedger(() -> now))
            .blobs(new InMemoryBlobStore())
            .spool(spool)
            .build();
    for (int i = 0; i < 12; i++) {
      newestFirst.add(0, upload(i));
      now = now.plusSeconds(i % 3); // some within the same millisecond
    }
  }

  @AfterEach
  void close() {
    assets.close();
  }

  private AssetId upload(int number) {
    return assets
        .ingest(Upload.of(("text number " + number).getBytes(StandardCharsets.UTF_8)))
        .id();
  }

  private Instant at(AssetId id) {
    return assets.explain(id).asset().admittedAt();
  }

  private static List<AssetId> through(Kept kept, int limit, Order expected) {
    List<AssetId> all = new ArrayList<>();
    String after = "";
    while (after != null) {
      Shown page = kept.page(after, limit);
      assertThat(page.order()).isEqualTo(expected);
      all.addAll(page.assets());
      after = page.next();
    }
    return all;
  }

  @Test
  void theNewestComeFirstOnEveryPage() {
    List<AssetId> seen = through(new Kept(assets, 12), 5, Order.NEWEST);
    assertThat(seen).containsExactlyInAnyOrderElementsOf(newestFirst);
    assertThat(seen)
        .isSortedAccordingTo(Comparator.comparing(this::at).reversed().thenComparing(BY_DIGEST));
  }

  @Test
  void whatComesInMeanwhileShiftsNothing() {
    Kept kept = new Kept(assets, 20);
    Shown first = kept.page("", 5);
    now = now.plusSeconds(1);
    AssetId late = upload(99);
    Shown second = kept.page(String.valueOf(first.next()), 5);
    assertThat(second.assets())
        .hasSize(5)
        .doesNotContain(late)
        .doesNotContainAnyElementsOf(first.assets());
    assertThat(kept.page("", 1).assets()).containsExactly(late);
  }

  @Test
  void ofTooManyThoseOfThisProcessComeFirstAndThenAllByDigest() {
    Kept kept = new Kept(assets, 11);
    AssetId earlier = newestFirst.get(7);
    AssetId later = newestFirst.get(2);
    kept.add(earlier);
    kept.add(later);
    List<AssetId> byDigest = new ArrayList<>(newestFirst);
    byDigest.sort(BY_DIGEST);

    List<AssetId> seen = through(kept, 5, Order.RECENT_THEN_DIGEST);
    assertThat(seen.subList(0, 2)).containsExactly(later, earlier);
    byDigest.removeAll(List.of(later, earlier));
    List<AssetId> rest = new ArrayList<>(seen.subList(2, seen.size()));
    rest.removeAll(List.of(later, earlier)); // which may come again on a later page
    assertThat(rest).containsExactlyElementsOf(byDigest);
  }

  @Test
  void everyAssetIsListedThoughTheyBecomeTooManyOnTheWay() {
    Kept kept = new Kept(assets, 12);
    Shown first = kept.page("", 5);
    AssetId late = upload(99);
    Shown second = kept.page(String.valueOf(first.next()), 50);
    assertThat(second.order()).isEqualTo(Order.RECENT_THEN_DIGEST);
    assertThat(second.assets()).containsAll(newestFirst).contains(late);
    assertThat(Collections.frequency(second.assets(), late)).isOne();
  }
}
