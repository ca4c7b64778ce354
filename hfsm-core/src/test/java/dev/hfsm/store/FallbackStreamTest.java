package dev.hfsm.store;

import static dev.hfsm.store.Blobs.bytes;
import static dev.hfsm.store.Blobs.flipped;
import static dev.hfsm.store.Blobs.put;
import static dev.hfsm.store.Blobs.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** A read that breaks off in one of two stores goes on in the other. */
class FallbackStreamTest {

  private final Breaking first = new Breaking(new InMemoryBlobStore());
  private final Breaking second = new Breaking(new InMemoryBlobStore());
  private final MirroredBlobStore mirror = MirroredBlobStore.of(first, second);
  private final byte[] good = bytes(1_000);
  private final StorageKey key = put(mirror, good);

  /** A real store whose streams break off after so many bytes, each in its turn. */
  private static final class Breaking extends Decorator {

    private final List<Integer> breaks = new ArrayList<>();
    private final List<ByteRange> opened = new ArrayList<>();
    private Exception reason = new IOException("broke off, as told");
    private int open;
    private int ending = Integer.MAX_VALUE;
    private boolean silent;

    Breaking(BlobStore store) {
      super(store);
    }

    /** The next streams end so; those after them are sound. */
    Breaking after(Integer... bytes) {
      breaks.addAll(List.of(bytes));
      return this;
    }

    /** The next stream ends after so many bytes as if there were no more. */
    void ending(int bytes) {
      ending = bytes;
    }

    @Override
    public Optional<BlobStat> stat(StorageKey key) {
      if (silent) {
        throw new BlobStoreException("down, as told", null, true);
      }
      return super.stat(key);
    }

    @Override
    public InputStream open(StorageKey key, ByteRange range) {
      opened.add(range);
      InputStream in =
          super.open(key, new ByteRange(range.offset(), Math.min(range.length(), ending)));
      ending = Integer.MAX_VALUE;
      open++;
      return new Broken(in, breaks.isEmpty() ? Integer.MAX_VALUE : breaks.remove(0));
    }

    private final class Broken extends FilterInputStream {
      private long left;

      Broken(InputStream in, int left) {
        super(in);
        this.left = left;
      }

      private void check() throws IOException {
        if (left > 0) {
          return;
        }
        if (reason instanceof IOException broken) {
          throw broken;
        }
        throw (RuntimeException) reason;
      }

      @Override
      public int read() throws IOException {
        check();
        left--;
        return super.read();
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        check();
        int n = super.read(target, offset, (int) Math.min(length, left));
        left -= Math.max(0, n);
        return n;
      }

      @Override
      public long skip(long n) throws IOException {
        check();
        long skipped = super.skip(Math.min(n, left));
        left -= skipped;
        return skipped;
      }

      @Override
      public void close() throws IOException {
        open--;
        super.close();
      }
    }
  }

  @Test
  void whereverItBreaksItGoesOnAtTheNextByte() throws IOException {
    for (int at = 0; at <= good.length; at++) {
      first.after(at);
      assertThat(read(mirror, key)).as("broken after %s", at).isEqualTo(good);
    }
    assertThat(first.open + second.open).as("streams left open").isZero();
  }

  @Test
  void aRangeGoesOnInsideItself() throws IOException {
    first.after(7);
    assertThat(read(mirror, key, new ByteRange(100, 50)))
        .isEqualTo(Arrays.copyOfRange(good, 100, 150));
    assertThat(second.opened).containsExactly(new ByteRange(107, 43));
    first.after(7);
    assertThat(read(mirror, key, ByteRange.from(990)))
        .isEqualTo(Arrays.copyOfRange(good, 990, 1_000));
    assertThat(second.opened).contains(ByteRange.from(997));
  }

  @Test
  void whatWasSkippedCountsAsGiven() throws IOException {
    first.after(300);
    try (InputStream in = mirror.open(key, ByteRange.ALL)) {
      in.skipNBytes(500);
      assertThat(in.read()).isEqualTo(good[500] & 0xff);
    }
    assertThat(second.opened).containsExactly(ByteRange.from(300));
  }

  @Test
  void aReadThatBreaksInTheSecondTooGoesBackToTheFirst() throws IOException {
    first.after(10);
    second.after(20);
    assertThat(read(mirror, key)).isEqualTo(good);
    assertThat(first.opened).containsExactly(ByteRange.ALL, ByteRange.from(30));
  }

  @Test
  void aStoreThatSaysSoInItsOwnWordsIsLeftAsWell() throws IOException {
    first.reason = new BlobStoreException("down, as told", null, true);
    first.after(10);
    assertThat(read(mirror, key)).isEqualTo(good);
  }

  @Test
  void triesAreBoundedAndTheErrorSaysWhereItEnded() {
    first.after(10, 10, 10);
    second.after(20, 20, 20);
    assertThatThrownBy(() -> read(mirror, key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(key.text())
        .hasMessageContaining("after 40 bytes")
        .cause()
        .isInstanceOf(BlobStoreException.class)
        .matches(e -> ((BlobStoreException) e).retryable(), "retryable");
    assertThat(first.opened).hasSize(2);
    assertThat(second.opened).hasSize(1);
    assertThat(first.open + second.open).as("streams left open").isZero();
  }

  @Test
  void whatIsInOneStoreAloneCannotGoOn() {
    second.store.delete(key);
    first.after(10);
    assertThatThrownBy(() -> read(mirror, key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("after 10 bytes");
  }

  @Test
  void aCopyThatWasCutOffBeforeThePlaceEndsNoRead() {
    Blobs.replace(second.store, key, Arrays.copyOf(good, 250));
    first.after(500);
    assertBrokenOff(() -> read(mirror, key), 500);
    first.after(100);
    assertBrokenOff(() -> read(mirror, key, new ByteRange(200, 400)), 100);
  }

  @Test
  void aCopyThatWasCutOffBehindThePlaceEndsNoRead() {
    Blobs.replace(second.store, key, Arrays.copyOf(good, 750));
    first.after(500);
    assertBrokenOff(() -> read(mirror, key), 500);
    first.after(100);
    assertBrokenOff(() -> read(mirror, key, ByteRange.from(200)), 100);
  }

  private static void assertBrokenOff(ThrowableAssert.ThrowingCallable reading, int after) {
    assertThatThrownBy(reading)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("after " + after + " bytes")
        .hasCauseInstanceOf(BlobStoreException.class);
  }

  @Test
  void aSecondStoreThatEndsBeforeItSaidItWouldIsLeftForTheFirst() throws IOException {
    first.after(500);
    second.ending(100);
    assertThat(read(mirror, key)).isEqualTo(good);
    assertThat(first.opened).containsExactly(ByteRange.ALL, ByteRange.from(600));
    first.after(500, 100);
    second.ending(100);
    assertBrokenOff(() -> read(mirror, key), 700);
  }

  @Test
  void aFirstStoreThatCannotBeAskedForItsSizeKeepsNobodyFromGoingOn() throws IOException {
    first.silent = true;
    first.after(500);
    assertThat(read(mirror, key)).isEqualTo(good);
    Blobs.replace(second.store, key, Arrays.copyOf(good, 250));
    first.after(500);
    assertBrokenOff(() -> read(mirror, key), 500);
  }

  @Test
  void aRangeThatReachesBehindTheEndGoesOnToTheEnd() throws IOException {
    first.after(50);
    assertThat(read(mirror, key, new ByteRange(900, 500)))
        .isEqualTo(Arrays.copyOfRange(good, 900, 1_000));
  }

  @Test
  void damageIsNotGoneRound() {
    first.reason = new IntegrityException("damaged, as told");
    first.after(10);
    assertThatThrownBy(() -> read(mirror, key)).isSameAs(first.reason);
    assertThat(second.opened).isEmpty();
  }

  @Test
  void anInterruptedReaderIsNotKept() {
    first.reason = new InterruptedIOException("as told");
    first.after(10);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> read(mirror, key)).isInstanceOf(IOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(second.opened).isEmpty();
  }

  @Test
  void verificationInFrontOfTheMirrorCoversWhatBothGave() throws IOException {
    VerifyingBlobStore verified =
        VerifyingBlobStore.over(mirror, k -> Optional.of(Digest.ofContent(good)));
    first.after(600);
    assertThat(read(verified, key)).isEqualTo(good);
    Blobs.replace(second.store, key, flipped(good, 800));
    first.after(600);
    assertThatThrownBy(() -> read(verified, key)).isInstanceOf(IntegrityException.class);
  }
}
