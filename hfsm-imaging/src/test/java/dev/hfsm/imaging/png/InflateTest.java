package dev.hfsm.imaging.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class InflateTest {

  private static final long SEED = 31;

  @Test
  void expandsWhatTheJdkDeflatesHoweverItIsHandedOver() throws IOException {
    System.out.println("InflateTest seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 400; round++) {
      byte[] plain = data(random, random.nextInt(round % 10 == 0 ? 400_000 : 3000), round);
      byte[] deflated = deflated(plain, random.nextInt(10), random.nextInt(3), round % 3 == 0);
      String what = "round %d: %d bytes as %d".formatted(round, plain.length, deflated.length);
      assertThat(expanded(deflated, plain.length, random)).as(what).isEqualTo(plain);
    }
  }

  @Test
  void blocksOfBothKindsOfCodesFollowEachOther() throws IOException {
    Random random = new Random(SEED);
    byte[] few = {1, 2, 3, 1, 2, 3};
    byte[] many = data(random, 20_000, 3);
    byte[] plain = new byte[3 * (few.length + many.length)];
    byte[] out = new byte[4 * plain.length];
    Deflater deflater = new Deflater();
    int at = 0;
    int n = 0;
    for (int round = 0; round < 3; round++) {
      for (byte[] part : new byte[][] {few, many}) {
        System.arraycopy(part, 0, plain, at, part.length);
        at += part.length;
        deflater.setInput(part);
        while (!deflater.needsInput()) {
          n += deflater.deflate(out, n, out.length - n, Deflater.FULL_FLUSH);
        }
      }
    }
    deflater.end();
    assertThat(expanded(Arrays.copyOf(out, n), plain.length, random)).isEqualTo(plain);
  }

  @Test
  void doesNotNeedTheChecksumAtTheEnd() throws IOException {
    Random random = new Random(SEED);
    byte[] plain = data(random, 5000, 3);
    byte[] deflated = deflated(plain, 6, Deflater.DEFAULT_STRATEGY, false);
    byte[] cut = Arrays.copyOf(deflated, deflated.length - 4);
    assertThat(expanded(cut, plain.length, random)).isEqualTo(plain);
  }

  @Test
  void saysWhenDataEndTooEarlyWhereverThatIs() {
    Random random = new Random(SEED);
    byte[] plain = data(random, 2000, 3);
    byte[] deflated = deflated(plain, 6, Deflater.DEFAULT_STRATEGY, false);
    for (int length = 0; length < deflated.length - 8; length++) {
      byte[] cut = Arrays.copyOf(deflated, length);
      assertThatThrownBy(() -> expanded(cut, plain.length, random))
          .isInstanceOf(PngException.class)
          .hasMessageContaining("end too early");
    }
  }

  @Test
  void damagedDataAreRefusedWhereTheJdkRefusesThemAndElseGiveTheSame() throws IOException {
    Random random = new Random(SEED);
    for (int round = 0; round < 20_000; round++) {
      byte[] plain = data(random, 1 + random.nextInt(600), round);
      byte[] damaged = deflated(plain, random.nextInt(10), random.nextInt(3), false);
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged[2 + random.nextInt(damaged.length - 2)] ^= (byte) (1 << random.nextInt(8));
      }
      byte[] expected = byTheJdk(damaged, plain.length);
      // The JDK looks at what follows the last byte; here nobody does.
      boolean refused = expected.length < plain.length - 1;
      try {
        byte[] found = expanded(damaged, plain.length, random);
        assertThat(refused).as("round %d: accepted in vain", round).isFalse();
        assertThat(found).as("round " + round).startsWith(expected);
      } catch (PngException e) {
        assertThat(e.reason()).isEqualTo(PngException.Reason.MALFORMED);
      }
    }
  }

  @Test
  void noiseIsRefusedWithoutAnythingElseHappening() {
    Random random = new Random(SEED);
    for (int round = 0; round < 20_000; round++) {
      byte[] noise = new byte[2 + random.nextInt(300)];
      random.nextBytes(noise);
      noise[0] = 0x78;
      noise[1] = (byte) 0x9C;
      try {
        expanded(noise, 1 + random.nextInt(100_000), random);
      } catch (IOException e) {
        assertThat(e).isInstanceOf(PngException.class);
      }
    }
  }

  /** As many bytes as there are before something is wrong; the checksum is not looked at. */
  private static byte[] byTheJdk(byte[] deflated, int length) {
    Inflater inflater = new Inflater(true);
    byte[] plain = new byte[length];
    int done = 0;
    try {
      inflater.setInput(deflated, 2, deflated.length - 2);
      int n = 1;
      while (n > 0 && done < length) {
        n = inflater.inflate(plain, done, 1);
        done += n;
      }
    } catch (DataFormatException e) {
      return Arrays.copyOf(plain, done);
    } finally {
      inflater.end();
    }
    return Arrays.copyOf(plain, done);
  }

  private static byte[] expanded(byte[] deflated, int length, Random random) throws IOException {
    int[] at = new int[1];
    Inflate inflate =
        new Inflate(
            (into, offset, most) -> {
              int left = deflated.length - at[0];
              int n = Math.min(left, Math.min(most, 1 + random.nextInt(5000)));
              System.arraycopy(deflated, at[0], into, offset, n);
              at[0] += n;
              return n;
            });
    byte[] plain = new byte[length + 2];
    int done = 0;
    while (done < length) {
      int n = Math.min(length - done, 1 + random.nextInt(9000));
      inflate.fully(plain, done + 1, n);
      done += n;
    }
    return Arrays.copyOfRange(plain, 1, length + 1);
  }

  /** Noise, noise of few values, runs, repetitions near and far. */
  private static byte[] data(Random random, int length, int kind) {
    byte[] data = new byte[length];
    int values = 1 + random.nextInt(kind % 2 == 0 ? 256 : 12);
    for (int i = 0; i < length; i++) {
      data[i] = (byte) random.nextInt(values);
      if (kind % 5 == 1 && random.nextInt(20) == 0 && i > 0) {
        int back = 1 + random.nextInt(Math.min(i, 40_000));
        int n = Math.min(length - i, random.nextInt(400));
        for (int k = 0; k < n; k++) {
          data[i + k] = data[i + k - back];
        }
        i += n;
      }
    }
    return data;
  }

  private static byte[] deflated(byte[] plain, int level, int strategy, boolean pieces) {
    Deflater deflater = new Deflater(level);
    deflater.setStrategy(strategy);
    byte[] out = new byte[plain.length + plain.length / 2 + 4000];
    int n = 0;
    if (pieces) {
      // A flush puts an empty stored block between blocks of other kinds.
      int half = plain.length / 2;
      deflater.setInput(plain, 0, half);
      while (!deflater.needsInput()) {
        n += deflater.deflate(out, n, out.length - n, Deflater.SYNC_FLUSH);
      }
      deflater.setInput(plain, half, plain.length - half);
    } else {
      deflater.setInput(plain);
    }
    deflater.finish();
    while (!deflater.finished()) {
      n += deflater.deflate(out, n, out.length - n);
    }
    deflater.end();
    return Arrays.copyOf(out, n);
  }
}
