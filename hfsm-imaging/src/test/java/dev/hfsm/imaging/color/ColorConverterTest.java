package dev.hfsm.imaging.color;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColorConverterTest {

  private static final double[][] P3 = {
    {0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}
  };
  private static final double[][] ADOBE = {
    {0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}
  };
  private static final double[] SRGB_CURVE = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};

  @Test
  void displayP3IsConvertedAsByTheColourEngineOfTheJdk() {
    agrees(rgb(P3, para(3, SRGB_CURVE)), 3);
  }

  @Test
  void adobeRgbIsConvertedAsByTheColourEngineOfTheJdk() {
    agrees(rgb(ADOBE, gamma(2.19921875)), 3);
  }

  @Test
  void everyKindOfCurveIsReadAsByTheColourEngineOfTheJdk() {
    agrees(rgb(P3, para(0, 1.8)), 3);
    agrees(rgb(P3, para(1, 2, 0.9, 0.1)), 3);
    agrees(rgb(P3, para(2, 2, 0.8, 0.1, 0.05)), 3);
    agrees(rgb(P3, para(4, 2.4, 0.9, 0.05, 0.08, 0.04, 0.01, 0.005)), 3);
    agrees(rgb(P3, sampled(1024, 1.8)), 3);
    agrees(rgb(P3, tag("curv", 4).putInt(8, 0)), 3);
  }

  @Test
  void greyIsConvertedAsByTheColourEngineOfTheJdk() {
    agrees(grey(gamma(1.8)), 1);
    agrees(grey(sampled(256, 1.8)), 1);
    agrees(grey(para(0, 1.8)), 1);
  }

  @Test
  void srgbIsRecognisedByItsEffect() {
    byte[] jdk = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    assertThat(ColorConverter.of(jdk)).get().matches(ColorConverter::srgb);
    assertThat(ColorConverter.of(rgb(P3, para(3, SRGB_CURVE))))
        .get()
        .matches(converter -> !converter.srgb());
    assertThat(ColorConverter.of(grey(para(3, SRGB_CURVE)))).get().matches(ColorConverter::srgb);
  }

  @Test
  void aRowOfFloatsBecomesWhatBytesBecomeAndAlphaStays() {
    ColorConverter converter = ColorConverter.of(rgb(P3, gamma(2.2))).orElseThrow();
    int n = 5000;
    byte[] data = new byte[4 * n];
    new Random(7).nextBytes(data);
    float[][] planes = new float[3][n];
    for (int i = 0; i < 3 * n; i++) {
      planes[i % 3][i / 3] = data[i / 3 * 4 + i % 3] & 0xFF;
    }
    byte[] converted = data.clone();
    converter.bytes(converted, 0, n, 4);
    converter.row(planes[0], planes[1], planes[2], n);
    for (int i = 0; i < n; i++) {
      assertThat(converted[4 * i + 3]).isEqualTo(data[4 * i + 3]);
      for (int c = 0; c < 3; c++) {
        assertThat(Math.abs(planes[c][i] - (converted[4 * i + c] & 0xFF))).isLessThan(0.7f);
      }
    }
  }

  @Test
  void lookUpTablesAreLeftToOthers() {
    Map<String, ByteBuffer> tags = new LinkedHashMap<>();
    tags.put("kTRC", gamma(1.8));
    tags.put("A2B0", tag("mft1", 40));
    assertThat(ColorConverter.of(profile("GRAY", tags))).isEmpty();
  }

  @Test
  void damageLeadsToNoConverterOrToOneThatConverts() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[][] sound = {
      rgb(P3, para(3, SRGB_CURVE)), rgb(ADOBE, sampled(64, 2.2)), grey(para(4, 1, 1, 1, 1, 1, 1, 1))
    };
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] icc = sound[i % sound.length].clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        int at = random.nextInt(random.nextBoolean() ? icc.length : 200);
        icc[at] = (byte) (random.nextBoolean() ? 255 : random.nextInt(256));
      }
      if (random.nextInt(4) == 0) {
        icc = java.util.Arrays.copyOf(icc, random.nextInt(icc.length));
      }
      Optional<ColorConverter> converter = ColorConverter.of(icc);
      byte[] pixels = {0, 127, -1, 1, 2, 3};
      converter.ifPresent(c -> c.bytes(pixels, 0, 2, 3));
      refused += converter.isEmpty() ? 1 : 0;
    }
    assertThat(refused).isBetween(1000, 19_000);
  }

  /** On a lattice of colours, or all greys. */
  private static void agrees(byte[] icc, int bands) {
    int n = bands == 1 ? 256 : 18 * 18 * 18;
    byte[] data = new byte[bands * n];
    for (int i = 0; i < n; i++) {
      data[bands * i] = (byte) (bands == 1 ? i : i % 18 * 15);
      if (bands == 3) {
        data[3 * i + 1] = (byte) (i / 18 % 18 * 15);
        data[3 * i + 2] = (byte) (i / 324 * 15);
      }
    }
    var in = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, n, 1, bands, null);
    System.arraycopy(data, 0, ((DataBufferByte) in.getDataBuffer()).getData(), 0, data.length);
    var out = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, n, 1, 3, null);
    ICC_Profile to = ICC_Profile.getInstance(ColorSpace.CS_sRGB);
    new ColorConvertOp(new ICC_Profile[] {ICC_Profile.getInstance(icc), to}, null).filter(in, out);
    byte[] expected = ((DataBufferByte) out.getDataBuffer()).getData();
    ColorConverter.of(icc).orElseThrow().bytes(data, 0, n, bands);
    int worst = 0;
    for (int i = 0; i < 3 * n; i++) {
      int ours = data[bands == 1 ? i / 3 : i] & 0xFF;
      worst = Math.max(worst, Math.abs(ours - (expected[i] & 0xFF)));
    }
    assertThat(worst).isLessThanOrEqualTo(2);
  }

  private static byte[] rgb(double[][] xyz, ByteBuffer curve) {
    Map<String, ByteBuffer> tags = new LinkedHashMap<>();
    for (int c = 0; c < 3; c++) {
      ByteBuffer colorant = tag("XYZ ", 12);
      for (int k = 0; k < 3; k++) {
        colorant.putInt(8 + 4 * k, fixed(xyz[c][k]));
      }
      tags.put("rgb".charAt(c) + "XYZ", colorant);
      tags.put("rgb".charAt(c) + "TRC", curve);
    }
    return profile("RGB ", tags);
  }

  private static byte[] grey(ByteBuffer curve) {
    Map<String, ByteBuffer> tags = new LinkedHashMap<>();
    tags.put("kTRC", curve);
    return profile("GRAY", tags);
  }

  private static byte[] profile(String space, Map<String, ByteBuffer> tags) {
    ByteBuffer white = tag("XYZ ", 12);
    white.putInt(8, fixed(0.9642)).putInt(12, fixed(1)).putInt(16, fixed(0.8249));
    tags.put("wtpt", white);
    int start = 132 + 12 * tags.size();
    ByteBuffer head = ByteBuffer.allocate(start);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    head.putInt(128, tags.size());
    int at = 132;
    for (Map.Entry<String, ByteBuffer> entry : tags.entrySet()) {
      byte[] tag = entry.getValue().array();
      put(head, at, entry.getKey());
      head.putInt(at + 4, start + body.size()).putInt(at + 8, tag.length);
      body.write(tag, 0, tag.length);
      body.write(new byte[3], 0, -tag.length & 3);
      at += 12;
    }
    head.putInt(0, start + body.size()).putInt(8, 0x04200000);
    put(head, 12, "mntr");
    put(head, 16, space);
    put(head, 20, "XYZ ");
    put(head, 36, "acsp");
    head.putInt(68, fixed(0.9642)).putInt(72, fixed(1)).putInt(76, fixed(0.8249));
    byte[] result = java.util.Arrays.copyOf(head.array(), start + body.size());
    System.arraycopy(body.toByteArray(), 0, result, start, body.size());
    return result;
  }

  private static ByteBuffer tag(String type, int length) {
    ByteBuffer tag = ByteBuffer.allocate(8 + length);
    put(tag, 0, type);
    return tag;
  }

  private static void put(ByteBuffer to, int at, String text) {
    to.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static int fixed(double value) {
    return (int) Math.round(value * 65536);
  }

  private static ByteBuffer gamma(double gamma) {
    return tag("curv", 6).putInt(8, 1).putShort(12, (short) Math.round(gamma * 256));
  }

  private static ByteBuffer sampled(int count, double gamma) {
    ByteBuffer tag = tag("curv", 4 + 2 * count).putInt(8, count);
    for (int i = 0; i < count; i++) {
      double light = Math.pow((double) i / (count - 1), gamma);
      tag.putShort(12 + 2 * i, (short) Math.round(65535 * light));
    }
    return tag;
  }

  private static ByteBuffer para(int type, double... parameters) {
    ByteBuffer tag = tag("para", 4 + 4 * parameters.length).putShort(8, (short) type);
    for (int i = 0; i < parameters.length; i++) {
      tag.putInt(12 + 4 * i, fixed(parameters[i]));
    }
    return tag;
  }
}
