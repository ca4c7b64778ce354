package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code put} promises. */
abstract class BlobPutCases extends BlobStoreFixture {

  private static final StorageKey KEY = new StorageKey("raw/01/23/blob-1");

  @TempDir Path folder;

  @Test
  void anEmptyBlobIsABlob() throws IOException {
    put(KEY, Content.ofSize(0));
    assertHolds(KEY, Content.ofSize(0));
    assertThat(scan("", 10)).containsExactly(KEY.text());
  }

  @Test
  void aBlobOfOneByteReadsBack() throws IOException {
    put(KEY, Content.ofSize(1));
    assertHolds(KEY, Content.ofSize(1));
  }

  @Test
  void blobsAroundUsualBufferSizesReadBack() throws IOException {
    for (int size : new int[] {8191, 8192, 8193, 65535, 65536, 65537, (1 << 20) + 1}) {
      StorageKey key = key("raw/size-" + size);
      put(key, Content.ofSize(size));
      assertHolds(key, Content.ofSize(size));
    }
  }

  @Test
  void aBlobOfFiveMebibytesReadsBack() throws IOException {
    put(KEY, Content.ofSize(5 << 20));
    assertHolds(KEY, Content.ofSize(5 << 20));
  }

  @Test
  void contentOfAnotherDigestIsRefused() {
    Content content = Content.ofSize(100_000);
    BlobRef other = new BlobRef(Digest.ofContent(new byte[] {1}), content.bytes().length);
    assertRefused(other, content.source());
  }

  @Test
  void aSingleWrongBitIsNoticed() {
    Content content = Content.ofSize(70_000);
    byte[] flipped = content.bytes().clone();
    flipped[69_999] ^= 1;
    assertRefused(content.ref(), new Content(flipped).source());
  }

  @Test
  void aSourceShorterThanItSaysIsRefused() {
    Content content = Content.ofSize(100_000);
    for (int size : new int[] {0, 1, 65_536, 99_999}) {
      byte[] less = Arrays.copyOf(content.bytes(), size);
      assertRefused(content.ref(), content.streaming(() -> new ByteArrayInputStream(less)));
    }
  }

  @Test
  void aSourceLongerThanItSaysIsRefused() {
    Content longer = Content.ofSize(100_001);
    Content content = longer.cutTo(100_000);
    assertRefused(content.ref(), content.streaming(() -> new ByteArrayInputStream(longer.bytes())));
  }

  @Test
  void anEmptyBlobIsExpectedToBeEmpty() {
    Content nothing = Content.ofSize(0);
    assertRefused(nothing.ref(), nothing.streaming(() -> new ByteArrayInputStream(new byte[] {7})));
  }

  @Test
  void aSourceOfAnotherSizeThanExpectedIsRefused() {
    Content longer = Content.ofSize(1_001);
    Content content = longer.cutTo(1_000);
    assertRefused(content.ref(), longer.source());
    assertRefused(longer.ref(), content.source());
  }

  @Test
  void aSourceThatFailsMidwayIsRefused() {
    Content content = Content.ofSize(3 << 20);
    for (int position : new int[] {0, 1, 1 << 20, (3 << 20) - 1}) {
      assertRefused(
          content.ref(),
          content.interruptedAt(
              position,
              () -> {
                throw new IOException("the source broke off, as it was told to");
              }));
    }
  }

  @Test
  void aSourceThatFailsBehindItsLastByteIsRefused() {
    Content content = Content.ofSize(100_000);
    assertRefused(
        content.ref(),
        content.interruptedAt(
            100_000,
            () -> {
              throw new IOException("the source broke off, as it was told to");
            }));
  }

  @Test
  void aSourceThatCannotBeOpenedIsRefused() {
    Content content = Content.ofSize(10);
    assertRefused(
        content.ref(),
        content.streaming(
            () -> {
              throw new IOException("the source does not open, as it was told to");
            }));
  }

  @Test
  void aRefusedPutLeavesOtherBlobsAlone() throws IOException {
    Content good = Content.ofSize(50_000);
    put(key("raw/01/23/blob-0"), good);
    put(key("raw/01/23/blob-2"), good);
    assertRefused(Content.ofSize(51_000).ref(), good.source());
    assertHolds(key("raw/01/23/blob-0"), good);
    assertHolds(key("raw/01/23/blob-2"), good);
    assertThat(scan("", 10)).containsExactly("raw/01/23/blob-0", "raw/01/23/blob-2");
  }

  @Test
  void nothingIsVisibleWhileAPutIsUnderWay() throws Exception {
    Content content = Content.ofSize(3 << 20);
    CountDownLatch midway = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ByteSource slow =
        content.interruptedAt(
            2 << 20,
            () -> {
              midway.countDown();
              Threads.await(goOn);
            });
    try (Threads threads = new Threads()) {
      Future<?> put = threads.run(() -> store.put(KEY, content.ref(), slow));
      try {
        assertThat(midway.await(Threads.patienceMillis(), TimeUnit.MILLISECONDS)).isTrue();
        assertAbsent(KEY);
      } finally {
        goOn.countDown();
      }
      Threads.get(put);
    }
    assertHolds(KEY, content);
  }

  @Test
  void everyStreamThatIsOpenedIsClosed() {
    AtomicInteger opened = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    Content content = Content.ofSize(100_000);
    store.put(KEY, content.ref(), content.counting(opened, open));
    assertThat(open).as("streams still open after a put").hasValue(0);
    assertThatThrownBy(
            () ->
                store.put(
                    key("raw/refused"),
                    new BlobRef(Digest.ofContent(new byte[0]), 100_000),
                    content.counting(opened, open)))
        .isInstanceOf(IntegrityException.class);
    assertThat(open).as("streams still open after a refused put").hasValue(0);
    assertThat(opened).as("streams opened").hasPositiveValue();
  }

  @Test
  void theSameSourceCanBePutTwice() throws IOException {
    Content content = Content.ofSize(10_000);
    ByteSource source = content.source();
    store.put(key("raw/first"), content.ref(), source);
    store.put(key("raw/second"), content.ref(), source);
    assertHolds(key("raw/first"), content);
    assertHolds(key("raw/second"), content);
  }

  @Test
  void whatHappensToTheSourceAfterwardsDoesNotReachTheBlob() throws IOException {
    Content content = Content.ofSize(10_000);
    byte[] buffer = content.bytes().clone();
    store.put(KEY, content.ref(), new Content(buffer).source());
    Arrays.fill(buffer, (byte) 0);
    assertHolds(KEY, content);
  }

  @Test
  void aSpooledFileReadsBack() throws IOException {
    Content content = Content.ofSize(200_000);
    store.put(KEY, content.ref(), spooled(content.bytes(), content.ref()));
    assertHolds(KEY, content);
    assertThat(scan("", 10)).containsExactly(KEY.text());
  }

  @Test
  void aSpooledFileMeasuredAsSomethingElseIsRefused() throws IOException {
    Content content = Content.ofSize(10_000);
    Content other = Content.ofSize(10_001).cutTo(10_000);
    assertRefused(content.ref(), spooled(other.bytes(), other.ref()));
  }

  @Test
  void aSpooledFileThatIsShorterOrLongerThanMeasuredIsRefused() throws IOException {
    Content content = Content.ofSize(10_000);
    assertRefused(content.ref(), spooled(content.cutTo(9_999).bytes(), content.ref()));
    assertRefused(content.ref(), spooled(content.cutTo(10_001).bytes(), content.ref()));
  }

  @Test
  void aSpooledFileThatIsGoneIsRefused() throws IOException {
    Content content = Content.ofSize(10_000);
    ByteSource.SpooledFile file = spooled(content.bytes(), content.ref());
    Files.delete(file.path());
    assertRefused(content.ref(), file);
  }

  private ByteSource.SpooledFile spooled(byte[] bytes, BlobRef measured) throws IOException {
    Path file = Files.createTempFile(folder, "spooled", "");
    Files.write(file, bytes);
    return new ByteSource.SpooledFile(file, measured);
  }

  private void assertRefused(BlobRef expected, ByteSource source) {
    assertThatThrownBy(() -> store.put(KEY, expected, source))
        .isInstanceOf(IntegrityException.class);
    assertAbsent(KEY);
  }
}
