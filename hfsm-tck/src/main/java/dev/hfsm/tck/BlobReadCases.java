package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What {@code open}, {@code stat}, {@code delete}, {@code close} and capabilities promise. */
abstract class BlobReadCases extends BlobPutCases {

  private static final StorageKey KEY = new StorageKey("raw/45/67/blob-1");
  private static final int SIZE = 300_000;

  @Test
  void aRangeAtTheStartIsReadExactly() throws IOException {
    assertRange(new ByteRange(0, 1), 0, 1);
    assertRange(new ByteRange(0, 70_000), 0, 70_000);
    assertRange(new ByteRange(0, SIZE), 0, SIZE);
  }

  @Test
  void aRangeInTheMiddleIsReadExactly() throws IOException {
    assertRange(new ByteRange(1, 1), 1, 2);
    assertRange(new ByteRange(65_535, 65_538), 65_535, 131_073);
  }

  @Test
  void aRangeToTheEndIsReadExactly() throws IOException {
    assertRange(ByteRange.from(0), 0, SIZE);
    assertRange(ByteRange.from(12_345), 12_345, SIZE);
    assertRange(ByteRange.from(SIZE - 1), SIZE - 1, SIZE);
    assertRange(new ByteRange(SIZE - 5, 5), SIZE - 5, SIZE);
  }

  @Test
  void aRangeIsCutAtTheEndOfTheBlob() throws IOException {
    assertRange(new ByteRange(SIZE - 5, 6), SIZE - 5, SIZE);
    assertRange(new ByteRange(7, Long.MAX_VALUE - 1), 7, SIZE);
  }

  @Test
  void aRangeBehindTheEndIsEmpty() throws IOException {
    assertRange(new ByteRange(SIZE, 1), SIZE, SIZE);
    assertRange(ByteRange.from(SIZE), SIZE, SIZE);
    assertRange(new ByteRange(SIZE + 10, 10), SIZE, SIZE);
    assertRange(ByteRange.from(Long.MAX_VALUE), SIZE, SIZE);
  }

  @Test
  void aRangeOfNoLengthIsEmpty() throws IOException {
    assertRange(new ByteRange(0, 0), 0, 0);
    assertRange(new ByteRange(100, 0), 100, 100);
    assertRange(new ByteRange(SIZE, 0), SIZE, SIZE);
  }

  @Test
  void everyRangeOfAnEmptyBlobIsEmpty() throws IOException {
    put(KEY, Content.ofSize(0));
    assertThat(read(KEY, ByteRange.ALL)).isEmpty();
    assertThat(read(KEY, new ByteRange(0, 1))).isEmpty();
    assertThat(read(KEY, ByteRange.from(1))).isEmpty();
  }

  private void assertRange(ByteRange range, int from, int to) throws IOException {
    Content content = Content.ofSize(SIZE);
    if (store.stat(KEY).isEmpty()) {
      put(KEY, content);
    }
    assertThat(read(KEY, range))
        .as("%s of %s bytes", range, SIZE)
        .isEqualTo(Arrays.copyOfRange(content.bytes(), from, to));
  }

  @Test
  void aStreamReadByteByByteGivesTheSameBytes() throws IOException {
    Content content = Content.ofSize(1_000);
    put(KEY, content);
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    try (InputStream in = store.open(KEY, new ByteRange(100, 500))) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        found.write(b);
      }
      assertThat(in.read()).as("behind the end").isNegative();
    }
    assertThat(found.toByteArray()).isEqualTo(Arrays.copyOfRange(content.bytes(), 100, 600));
  }

  @Test
  void aStreamSkipsOnlyInsideItsRange() throws IOException {
    Content content = Content.ofSize(1_000);
    put(KEY, content);
    try (InputStream in = store.open(KEY, new ByteRange(100, 500))) {
      in.skipNBytes(50);
      assertThat(in.readNBytes(10)).isEqualTo(Arrays.copyOfRange(content.bytes(), 150, 160));
      long more = in.skip(10_000);
      assertThat(more).as("bytes skipped of 440 left").isBetween(0L, 440L);
      assertThat(in.readAllBytes()).hasSize((int) (440 - more));
    }
  }

  @Test
  void openingAnAbsentBlobSaysSo() {
    put(key("raw/45/67/blob-2"), Content.ofSize(5));
    for (String absent : List.of("raw/45/67/blob", "raw/45/67/blob-1", "raw/99", "x")) {
      assertThatThrownBy(() -> store.open(key(absent), ByteRange.ALL).close())
          .isInstanceOf(BlobNotFoundException.class)
          .hasMessageContaining(absent);
      assertThatThrownBy(() -> store.open(key(absent), new ByteRange(0, 0)).close())
          .isInstanceOf(BlobNotFoundException.class);
    }
  }

  @Test
  void whatOnlyStartsKeysIsNoBlob() {
    put("raw/45/67/blob-1");
    for (String start : List.of("raw", "raw/45", "raw/45/67")) {
      assertThat(store.stat(key(start))).isEmpty();
      assertThat(store.delete(key(start))).isFalse();
    }
    assertThat(scan("", 10)).containsExactly("raw/45/67/blob-1");
  }

  @Test
  void statTellsTheSize() {
    for (int size : new int[] {0, 1, 65_537}) {
      put(key("raw/size-" + size), Content.ofSize(size));
      assertThat(store.stat(key("raw/size-" + size))).contains(new BlobStat(size));
    }
  }

  @Test
  void statOfAnAbsentBlobIsEmpty() {
    put("raw/45/67/blob-10");
    assertThat(store.stat(key("raw/45/67/blob-1"))).isEmpty();
    assertThat(store.stat(key("raw/00/blob-1"))).isEmpty();
  }

  @Test
  void deletingTakesTheBlobAway() {
    put(KEY, Content.ofSize(1_000));
    store.delete(KEY);
    assertAbsent(KEY);
  }

  @Test
  void deletingTellsWhetherThereWasABlob() {
    put(KEY, Content.ofSize(1_000));
    assertThat(store.delete(KEY)).as("the first time").isTrue();
    assertThat(store.delete(KEY)).as("the second time").isFalse();
  }

  @Test
  void deletingAnAbsentBlobDoesNothing() {
    put("raw/45/67/blob-10");
    assertThat(store.delete(KEY)).isFalse();
    assertThat(store.delete(key("nowhere/at/all"))).isFalse();
    assertThat(scan("", 10)).containsExactly("raw/45/67/blob-10");
  }

  @Test
  void deletingLeavesKeysThatLookAlikeAlone() throws IOException {
    List<String> alike = List.of("raw/a-1", "raw/a-10", "raw/a-1.jpg", "raw/a-1-2", "a-1");
    for (String other : alike) {
      put(key(other), Content.ofSize(other.length()));
    }
    store.delete(key("raw/a-1"));
    for (String other : alike.subList(1, alike.size())) {
      assertHolds(key(other), Content.ofSize(other.length()));
    }
  }

  @Test
  void aStreamOpenedBeforeADeleteNeverGivesWrongBytes() throws IOException {
    Content content = Content.ofSize(5 << 20);
    put(KEY, content);
    byte[] rest;
    try (InputStream in = store.open(KEY, ByteRange.ALL)) {
      assertThat(in.read()).isEqualTo(content.bytes()[0] & 0xff);
      store.delete(KEY);
      rest = in.readAllBytes();
    } catch (IOException e) {
      return; // an error is an honest answer
    }
    assertThat(rest).isEqualTo(Arrays.copyOfRange(content.bytes(), 1, 5 << 20));
  }

  @Test
  void blobsPutAndReadByManyThreadsAreAllRight() throws Exception {
    int threads = 16;
    int each = 6;
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> running = new ArrayList<>();
    try (Threads pool = new Threads()) {
      for (int t = 0; t < threads; t++) {
        int thread = t;
        running.add(
            pool.run(
                () -> {
                  start.await();
                  for (int i = 0; i < each; i++) {
                    StorageKey key = key("raw/" + i + "/blob-" + thread);
                    Content content = Content.ofSize(100_000 + thread * each + i);
                    put(key, content);
                    assertHolds(key, content);
                  }
                }));
      }
      start.countDown();
      for (Future<?> thread : running) {
        Threads.get(thread);
      }
    }
    assertThat(scan("", 1000)).hasSize(threads * each);
  }

  @Test
  void aLocalFileHoldsTheBytesOfItsBlob() throws IOException {
    Optional<LocalFile> files = store.capability(LocalFile.class);
    if (files.isPresent()) {
      Content content = Content.ofSize(10_000);
      put(KEY, content);
      assertThat(files.get().path(key("raw/absent"))).isEmpty();
      assertThat(files.get().path(KEY)).hasValueSatisfying(p -> assertThat(p).isRegularFile());
      assertThat(Files.readAllBytes(files.get().path(KEY).orElseThrow()))
          .isEqualTo(content.bytes());
    }
  }

  @Test
  void aCapabilityNobodyHasIsNotOffered() {
    assertThat(store.capability(Nobody.class)).isEmpty();
  }

  private interface Nobody {}

  @Test
  void closingTwiceIsHarmless() {
    put(KEY, Content.ofSize(5));
    store.close();
    store.close();
  }
}
