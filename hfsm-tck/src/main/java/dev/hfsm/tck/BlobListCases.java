package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What {@code list} promises. */
abstract class BlobListCases extends BlobReadCases {

  /** In order. A slash sorts behind '-' and '.', and before digits and letters. */
  private static final List<String> TRAPS =
      List.of(
          "a-b/x", "a.b/x", "a/x", "a/x-1", "a/x.1", "a/x0", "a/y-z", "a/y.z", "a/y/a-z", "a/y/z",
          "a/y/z-1", "a/y0", "a0/x", "ab/x", "b-1", "b.1", "b/1", "b1", "z");

  @Test
  void anEmptyStoreListsNothing() {
    assertThat(scan("", 10)).isEmpty();
    assertThat(scan("raw/", 1)).isEmpty();
  }

  @Test
  void keysAreListedInTheOrderOfTheirText() {
    putShuffled(TRAPS);
    assertThat(scan("", 1000)).containsExactlyElementsOf(TRAPS);
  }

  @Test
  void pagesOfAnySizeGiveEveryKeyOnceAndInOrder() {
    putShuffled(TRAPS);
    for (int limit = 1; limit <= TRAPS.size() + 1; limit++) {
      assertThat(scan("", limit)).as("pages of %s", limit).containsExactlyElementsOf(TRAPS);
    }
  }

  @Test
  void aPageHoldsNoMoreThanItsLimit() {
    putShuffled(TRAPS);
    for (int limit = 1; limit <= 5; limit++) {
      assertThat(store.list("", Cursor.START, limit).items()).hasSizeLessThanOrEqualTo(limit);
    }
  }

  @Test
  void aPrefixEndsAtASlashOrAnywhere() {
    putShuffled(TRAPS);
    for (String prefix : List.of("a/", "a/y/", "a", "a/y", "a/x", "a/x.", "a-", "b", "z")) {
      assertThat(scan(prefix, 1000))
          .as("keys that start with %s", prefix)
          .containsExactlyElementsOf(startingWith(prefix));
    }
  }

  @Test
  void aPrefixIsKeptFromPageToPage() {
    putShuffled(TRAPS);
    for (String prefix : List.of("a/", "a/y", "a", "b")) {
      for (int limit = 1; limit <= 3; limit++) {
        assertThat(scan(prefix, limit))
            .as("keys that start with %s by %s", prefix, limit)
            .containsExactlyElementsOf(startingWith(prefix));
      }
    }
  }

  @Test
  void aPrefixThatNothingStartsWithListsNothing() {
    putShuffled(TRAPS);
    for (String prefix : List.of("a/x/", "aa", "y", "zz", "A", "a//", "%", "a_")) {
      assertThat(scan(prefix, 10)).as("keys that start with %s", prefix).isEmpty();
    }
  }

  private static List<String> startingWith(String prefix) {
    return TRAPS.stream().filter(key -> key.startsWith(prefix)).toList();
  }

  private void putShuffled(List<String> keys) {
    List<String> shuffled = new ArrayList<>(keys);
    Collections.reverse(shuffled);
    Collections.swap(shuffled, 0, shuffled.size() / 2);
    put(shuffled.toArray(String[]::new));
  }

  @Test
  void aScanBeginsBehindAnyKeyWhetherItIsThereOrNot() {
    putShuffled(TRAPS);
    for (String text :
        List.of("a", "a-b/x", "a/x", "a/x-2", "a/y/a", "a/y/z-1", "az", "b1", "zz")) {
      assertThat(scanFrom(new Cursor(text), "", 3))
          .as("keys behind %s", text)
          .containsExactlyElementsOf(
              TRAPS.stream().filter(key -> key.compareTo(text) > 0).toList());
    }
  }

  @Test
  void aScanGoesOnBehindAKeyThatWasDeleted() {
    put("k/1", "k/2", "k/3", "k/4", "k/5", "k/6");
    Page<StorageKey> page = store.list("k/", Cursor.START, 3);
    String last = page.items().get(page.items().size() - 1).text();
    store.delete(key(last));
    List<String> behind =
        List.of("k/1", "k/2", "k/3", "k/4", "k/5", "k/6").stream()
            .filter(k -> k.compareTo(last) > 0)
            .toList();
    assertThat(rest(page, "k/")).containsExactlyElementsOf(behind);
  }

  @Test
  void aScanSkipsAndDoublesNothingWhenKeysComeAndGoBehindIt() {
    put("k/10", "k/20", "k/30", "k/40", "k/50", "k/60");
    Page<StorageKey> page = store.list("k/", Cursor.START, 2);
    List<String> seen = new ArrayList<>(page.items().stream().map(StorageKey::text).toList());
    put("k/00", "k/05");
    seen.addAll(rest(page, "k/"));
    assertThat(seen).containsExactly("k/10", "k/20", "k/30", "k/40", "k/50", "k/60");

    page = store.list("k/", Cursor.START, 4);
    seen = new ArrayList<>(page.items().stream().map(StorageKey::text).toList());
    store.delete(key("k/00"));
    store.delete(key("k/05"));
    seen.addAll(rest(page, "k/"));
    assertThat(seen)
        .containsExactly("k/00", "k/05", "k/10", "k/20", "k/30", "k/40", "k/50", "k/60");
  }

  private List<String> rest(Page<StorageKey> page, String prefix) {
    assertThat(page.next()).as("more to come").isNotNull();
    return page.next() == null ? List.of() : scanFrom(page.next(), prefix, 2);
  }

  @Test
  void aScanWhileOthersPutAndDeleteGivesEveryLastingKeyOnce() throws Exception {
    TreeSet<String> lasting = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      lasting.add("k/%02d/lasting".formatted(i));
    }
    put(lasting.toArray(String[]::new));
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch busy = new CountDownLatch(20);
    try (Threads threads = new Threads()) {
      Future<?> others =
          threads.run(
              () -> {
                for (int i = 0; !stop.get(); i++) {
                  put("k/%02d/fleeting-%d".formatted(i % 40, i));
                  if (i >= 20) {
                    store.delete(key("k/%02d/fleeting-%d".formatted((i - 20) % 40, i - 20)));
                  }
                  busy.countDown();
                }
              });
      Threads.await(busy);
      try {
        for (int scans = 0; scans < 5; scans++) {
          List<String> seen = scan("k/", 7);
          assertThat(seen).isSorted().doesNotHaveDuplicates().containsAll(lasting);
        }
      } finally {
        stop.set(true);
      }
      Threads.get(others);
    }
  }
}
