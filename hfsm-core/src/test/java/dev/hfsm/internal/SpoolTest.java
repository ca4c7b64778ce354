package dev.hfsm.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.internal.Spool.Spooled;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
  private static final int MAX = 3 * Spool.MEMORY;

  @TempDir Path temp;

  private Spool spool() {
    return new Spool(temp.resolve("spool"), MAX);
  }

  private List<Path> files() throws IOException {
    Path folder = temp.resolve("spool");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static InputStream of(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /** Gives few bytes at a time, sometimes none at all, as slow networks and odd streams do. */
  private static InputStream dripping(byte[] bytes, Random random, int most) {
    return new FilterInputStream(of(bytes)) {
      @Override
      public int read(byte[] b, int off, int len) throws IOException {
        int n = random.nextInt(most + 1);
        return n == 0 ? 0 : super.read(b, off, Math.min(len, n));
      }
    };
  }

  /** Gives some bytes, then throws. */
  private static InputStream breaking(int after, RuntimeException orIo) {
    return new InputStream() {
      private int left = after;

      @Override
      public int read() throws IOException {
        if (left-- > 0) {
          return 1;
        }
        if (orIo != null) {
          throw orIo;
        }
        throw new IOException("connection reset");
      }

      @Override
      public int read(byte[] b, int off, int len) throws IOException {
        if (left <= 0) {
          return read();
        }
        int n = Math.min(left, len);
        left -= n;
        return n;
      }
    };
  }

  private void holds(Spooled spooled, byte[] bytes) throws IOException {
    assertThat(spooled.blob()).isEqualTo(new BlobRef(Digest.ofContent(bytes), bytes.length));
    assertThat(spooled.head()).isEqualTo(Arrays.copyOf(bytes, Math.min(4096, bytes.length)));
    assertThat(spooled.content().size()).isEqualTo(bytes.length);
    for (int i = 0; i < 2; i++) {
      try (InputStream in = spooled.content().open()) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1,
        4095,
        4096,
        4097,
        65535,
        65536,
        65537,
        262144,
        Spool.MEMORY - 1,
        Spool.MEMORY,
        Spool.MEMORY + 1,
        2 * Spool.MEMORY,
        MAX - 1,
        MAX
      })
  void holdsSmallContentInMemoryAndLargeContentInAFile(int size) throws IOException {
    byte[] bytes = random(size, size);
    try (Spooled spooled = spool().receive(() -> of(bytes))) {
      holds(spooled, bytes);
      assertThat(files()).hasSize(size < Spool.MEMORY ? 0 : 1);
      assertThat(spooled.content().file().isPresent()).isEqualTo(size >= Spool.MEMORY);
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void learnsTheSameHoweverTheBytesArrive() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("SpoolTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      byte[] bytes = random(1 + random.nextInt(i % 3 == 0 ? MAX : 20_000), random.nextLong());
      int most = bytes.length > 20_000 ? 1 + random.nextInt(50_000) + 1000 : 1 + random.nextInt(50);
      try (Spooled spooled = spool().receive(() -> dripping(bytes, random, most))) {
        holds(spooled, bytes);
      }
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void readsAStreamThatGivesOneByteAtATime() throws IOException {
    byte[] bytes = random(5000, 1);
    InputStream single =
        new FilterInputStream(of(bytes)) {
          @Override
          public int read(byte[] b, int off, int len) throws IOException {
            return super.read(b, off, Math.min(1, len));
          }
        };
    try (Spooled spooled = spool().receive(() -> single)) {
      holds(spooled, bytes);
    }
  }

  @Test
  void leavesAFileAloneThatWasMovedAway() throws IOException {
    byte[] bytes = random(Spool.MEMORY, 2);
    Path taken = temp.resolve("taken");
    try (Spooled spooled = spool().receive(() -> of(bytes))) {
      Files.move(spooled.content().file().orElseThrow().path(), taken);
    }
    assertThat(taken).hasBinaryContent(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100_000, Spool.MEMORY, Spool.MEMORY + 70_000})
  void leavesNothingBehindWhenTheStreamBreaks(int after) throws IOException {
    assertThatThrownBy(() -> spool().receive(() -> breaking(after, null)))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("broke off after " + after + " bytes")
        .hasMessageContaining("connection reset");
    assertThatThrownBy(
            () ->
                spool()
                    .receive(
                        () -> breaking(after, new UncheckedIOException(new IOException("gone")))))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("gone");
    assertThatThrownBy(
            () -> spool().receive(() -> breaking(after, new IllegalStateException("defect"))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, Spool.MEMORY + 10})
  void leavesNothingBehindWhenTheStreamCannotBeClosed(int size) throws IOException {
    boolean[] closed = {false};
    InputStream stubborn =
        new FilterInputStream(of(random(size, 3))) {
          @Override
          public void close() throws IOException {
            closed[0] = true;
            throw new IOException("checksum of the transfer is wrong");
          }
        };
    assertThatThrownBy(() -> spool().receive(() -> stubborn))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("checksum of the transfer is wrong");
    assertThat(closed[0]).isTrue();
    assertThat(files()).isEmpty();
  }

  @Test
  void takesExactlyTheLimitAndClosesTheStream() throws IOException {
    boolean[] closed = {false};
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] b, int off, int len) {
            return len;
          }

          @Override
          public void close() {
            closed[0] = true;
          }
        };
    assertThatThrownBy(() -> spool().receive(() -> endless))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("expected at most " + MAX);
    assertThat(closed[0]).isTrue();
    assertThat(files()).isEmpty();
    Spool tiny = new Spool(temp.resolve("spool"), 5);
    tiny.receive(() -> of(new byte[5])).close();
    assertThatThrownBy(() -> tiny.receive(() -> of(new byte[6])))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> spool().receive(() -> of(new byte[0])))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("expected at least 1 byte, found none");
  }

  @Test
  void saysWhenTheUploadCannotBeOpened() {
    assertThatThrownBy(
            () ->
                spool()
                    .receive(
                        () -> {
                          throw new IOException("no such part");
                        }))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("could not be opened")
        .hasMessageContaining("no such part");
  }

  @Test
  void saysWhenItsFolderCannotBeUsed() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    Spool spool = new Spool(file, MAX);
    spool.receive(() -> of(new byte[10])).close();
    assertThatThrownBy(() -> spool.receive(() -> of(new byte[Spool.MEMORY])))
        .isInstanceOf(BlobStoreException.class)
        .hasMessageContaining("cannot create a file in the spool");
    spool.removeStale(Instant.now());
    assertThat(file).exists();
  }

  @Test
  void whatIsOldIsToldByTheClockThatDatesFiles() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("spool"));
    Path old = aged(folder.resolve("spool-old"), Instant.now().minus(Duration.ofHours(25)));
    Path written = Files.createFile(folder.resolve("spool-written-now"));
    spool().removeStale();
    assertThat(old).doesNotExist();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(written);
    }
    new Spool(temp.resolve("never-made"), 1).removeStale();
    assertThat(temp.resolve("never-made")).doesNotExist();
  }

  @Test
  void clearsAwayOnlyItsOwnFilesAndOnlyOldOnes() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("spool"));
    Instant now = Instant.parse("2030-01-02T00:00:00Z");
    Path old = aged(folder.resolve("spool-old"), now.minus(Duration.ofHours(25)));
    Path young = aged(folder.resolve("spool-young"), now.minus(Duration.ofHours(23)));
    Path foreign = aged(folder.resolve("notes.txt"), now.minus(Duration.ofDays(400)));
    spool().removeStale(now);
    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(foreign).exists();
    new Spool(temp.resolve("never-made"), 1).removeStale(now);
    assertThat(temp.resolve("never-made")).doesNotExist();
  }

  private static Path aged(Path file, Instant at) throws IOException {
    Files.createFile(file);
    Files.setLastModifiedTime(file, FileTime.from(at));
    return file;
  }
}
