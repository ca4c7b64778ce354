package dev.hfsm.imaging.color;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Profiles of tables, made here, against the colour engine of the JDK. */
class LutConverterTest {

  @Test
  void tablesOfBytesAreUsedAsByTheColourEngineOfTheJdk() {
    agrees(
        MadeProfiles.profile(
            "prtr", "CMYK", "Lab ", "A2B1", MadeProfiles.mft(4, 9, 1, MadeProfiles::smooth)),
        4);
    agrees(
        MadeProfiles.profile(
            "mntr", "RGB ", "Lab ", "A2B0", MadeProfiles.mft(3, 17, 1, MadeProfiles::smooth)),
        3);
  }

  @Test
  void tablesOfWordsAreUsedAsByTheColourEngineOfTheJdk() {
    agrees(
        MadeProfiles.profile(
            "prtr", "CMYK", "Lab ", "A2B1", MadeProfiles.mft(4, 9, 2, MadeProfiles::smooth)),
        4);
    agrees(
        MadeProfiles.profile(
            "prtr", "CMYK", "Lab ", "A2B0", MadeProfiles.mft(4, 7, 2, MadeProfiles::smooth)),
        4);
    agrees(
        MadeProfiles.profile(
            "scnr", "RGB ", "Lab ", "A2B0", MadeProfiles.mft(3, 17, 2, MadeProfiles::smooth)),
        3);
    agrees(
        MadeProfiles.profile(
            "mntr", "RGB ", "XYZ ", "A2B0", MadeProfiles.mft(3, 33, 2, MadeProfiles::light)),
        3);
  }

  @Test
  void curvesMatricesAndTablesOfVersionFourAreUsedAsByTheColourEngineOfTheJdk() {
    agrees(MadeProfiles.profile("prtr", "CMYK", "Lab ", "A2B1", MadeProfiles.mab(4, 9, 2)), 4);
    agrees(MadeProfiles.profile("scnr", "RGB ", "Lab ", "A2B0", MadeProfiles.mab(3, 17, 1)), 3);
  }

  @Test
  void brokenOnesAreNoProfiles() {
    long seed = System.nanoTime();
    System.out.println("lut seed " + seed);
    Random random = new Random(seed);
    byte[][] all = {
      MadeProfiles.profile(
          "prtr", "CMYK", "Lab ", "A2B1", MadeProfiles.mft(4, 3, 1, MadeProfiles::smooth)),
      MadeProfiles.profile(
          "prtr", "CMYK", "Lab ", "A2B1", MadeProfiles.mft(4, 3, 2, MadeProfiles::smooth)),
      MadeProfiles.profile("scnr", "RGB ", "Lab ", "A2B0", MadeProfiles.mab(3, 3, 2))
    };
    for (byte[] good : all) {
      int used = 0;
      for (int i = 0; i < 3000; i++) {
        byte[] bad = good.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
          bad[random.nextInt(Math.min(bad.length, 260))] = (byte) random.nextInt();
        }
        bad = random.nextBoolean() ? bad : Arrays.copyOf(bad, random.nextInt(bad.length));
        LutConverter converter = LutConverter.of(bad).orElse(null);
        if (converter != null) {
          byte[] samples = new byte[64];
          random.nextBytes(samples);
          int n = converter.channels();
          converter.bytes(samples, 0, n, new byte[64 * 3], 0, 3, 64 / n);
          used++;
        }
      }
      assertThat(used).isPositive();
    }
  }

  private static void agrees(byte[] icc, int channels) {
    byte[] samples = new byte[channels * 4096];
    new Random(3).nextBytes(samples);
    LutConverter converter = LutConverter.of(icc).orElseThrow();
    byte[] own = new byte[3 * 4096];
    converter.bytes(samples, 0, channels, own, 0, 3, 4096);
    byte[] expected = JdkColors.toSrgb(icc, samples, channels);
    long sum = 0;
    int most = 0;
    for (int i = 0; i < own.length; i++) {
      int d = Math.abs((own[i] & 0xFF) - (expected[i] & 0xFF));
      sum += d;
      most = Math.max(most, d);
    }
    // The JDK makes one table of it all, with points of its own.
    assertThat(most).isLessThanOrEqualTo(4);
    assertThat(sum / (double) own.length).isLessThan(0.25);
  }
}
