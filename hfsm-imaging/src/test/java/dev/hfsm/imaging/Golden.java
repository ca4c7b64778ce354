package dev.hfsm.imaging;

import dev.hfsm.imaging.color.ColorConverter;
import dev.hfsm.imaging.jpeg.JpegDecoder;
import dev.hfsm.imaging.jpeg.JpegFrame;
import dev.hfsm.imaging.jpeg.JpegInput;
import dev.hfsm.imaging.jpeg.JpegOutput;
import dev.hfsm.imaging.jpeg.JpegPlanes;
import dev.hfsm.imaging.jpeg.JpegScale;
import dev.hfsm.imaging.jpegenc.JpegEncoder;
import dev.hfsm.imaging.jpegenc.JpegSpec;
import dev.hfsm.imaging.jpegenc.RgbRows;
import dev.hfsm.imaging.jpegenc.Sampling;
import dev.hfsm.imaging.png.PngLimits;
import dev.hfsm.imaging.png.PngReader;
import dev.hfsm.imaging.png.PngSpec;
import dev.hfsm.imaging.png.PngWriter;
import dev.hfsm.imaging.resample.Axis;
import dev.hfsm.imaging.resample.Filter;
import dev.hfsm.imaging.resample.Resampler;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What every path of the engine makes of pictures that are computed here from whole numbers, as
 * digests: of floats by their bits, of JPEG and GIF by the bytes of the file, of PNG by its pixels,
 * because the JDK's deflate need not be the same everywhere. Needs the module java.base alone.
 */
final class Golden {

  private static final int WIDTH = 103;
  private static final int HEIGHT = 77;
  private static final byte[] SRGB_CURVE_P3 = displayP3();

  private final Map<String, String> digests = new LinkedHashMap<>();
  private final Path folder;

  private Golden(Path folder) {
    this.folder = folder;
  }

  /**
   * Prints them as often as the first argument says, each time anew, and ends with a full stop.
   *
   * @param args how often, and of which recipes every how manieth is enough
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("golden");
    try {
      String first = "";
      for (int round = 0; round < Integer.parseInt(args[0]); round++) {
        String text = text(folder, Integer.parseInt(args[1]));
        if (round == 0) {
          first = text;
          System.out.print(text);
        } else if (!text.equals(first)) {
          System.out.println("round " + round + " differs\n" + text);
        }
      }
      System.out.println(".");
    } finally {
      clear(folder);
    }
  }

  static void clear(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** One line for each path: its name and the digest. */
  static String text(Path folder, int every) throws IOException {
    Golden golden = new Golden(folder);
    golden.jpeg();
    golden.resampled();
    golden.colors();
    golden.recipes(every);
    StringBuilder text = new StringBuilder();
    golden.digests.forEach((name, digest) -> text.append(name + "\t" + digest + "\n"));
    return text.toString();
  }

  private void add(String name, byte[] bytes) {
    digests.put(name, Digest.ofContent(bytes).hex());
  }

  private void add(String name, float[] samples) {
    ByteBuffer bits = ByteBuffer.allocate(4 * samples.length);
    for (float sample : samples) {
      bits.putInt(Float.floatToRawIntBits(sample));
    }
    add(name, bits.array());
  }

  /** Slopes, an edge, a corner of noise; alpha, if there is, fades out to the right. */
  static byte[] pixels(int channels) {
    SplittableRandom random = new SplittableRandom(4711);
    byte[] pixels = new byte[WIDTH * HEIGHT * channels];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int x = i % WIDTH;
      int y = i / WIDTH;
      for (int c = 0; c < channels; c++) {
        int value = x * 2 * (c + 1) % 256 * 2 / 3 + y + (x * 3 + y * 2 > 200 ? 60 : 0);
        value += x > 75 && y > 45 ? random.nextInt(120) - 60 : 0;
        value = channels == 4 && c == 3 ? 255 - Math.max(0, 4 * x - 180) : value;
        pixels[i * channels + c] = (byte) Math.max(0, Math.min(255, value));
      }
    }
    return pixels;
  }

  static byte[] jpeg(Sampling sampling, int quality, JpegSpec.Scans scans, byte[] icc)
      throws IOException {
    JpegSpec plain = JpegSpec.of(WIDTH, HEIGHT, sampling, quality).with(scans);
    JpegSpec spec = icc.length == 0 ? plain : plain.withProfile(icc);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JpegEncoder encoder = new JpegEncoder(spec, out, () -> {});
    RgbRows rows = new RgbRows(encoder, spec);
    int channels = sampling.planes();
    byte[] pixels = pixels(channels);
    for (int y = 0; y < HEIGHT; y++) {
      rows.row(pixels, y * WIDTH * channels);
    }
    encoder.finish();
    return out.toByteArray();
  }

  /** With a profile that says that it is a look-up table. */
  static byte[] jpegWithTable() throws IOException {
    byte[] icc = SRGB_CURVE_P3.clone();
    text(ByteBuffer.wrap(icc), 132 + 5 * 12, "A2B0");
    return jpeg(Sampling.YCC_420, 80, JpegSpec.Scans.BASELINE, icc);
  }

  static byte[] png(int channels) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] pixels = pixels(channels);
    try (PngWriter writer = new PngWriter(PngSpec.of(WIDTH, HEIGHT, channels, 3), out, () -> {})) {
      for (int y = 0; y < HEIGHT; y++) {
        writer.row(pixels, y * WIDTH * channels);
      }
      writer.finish();
    }
    return out.toByteArray();
  }

  private void jpeg() throws IOException {
    for (Sampling sampling : Sampling.values()) {
      for (JpegSpec.Scans scans : JpegSpec.Scans.values()) {
        byte[] file = jpeg(sampling, 85, scans, new byte[0]);
        String name = sampling + " " + scans;
        add("encode " + name, file);
        JpegDecoder decoder = JpegDecoder.open(JpegInput.of(file), 100);
        JpegFrame frame = decoder.frame();
        for (JpegScale scale : JpegScale.values()) {
          if (scale == JpegScale.NONE) {
            continue;
          }
          int count = frame.components().size();
          JpegPlanes planes =
              new JpegPlanes(frame, frame.everything(), Collections.nCopies(count, scale));
          decoder.decode(List.of(JpegOutput.of(frame, scale, planes)), () -> {});
          for (int c = 0; c < count; c++) {
            add("decode " + name + " " + scale + " component " + c, planes.samples(c));
          }
        }
      }
    }
  }

  private void resampled() throws IOException {
    resampled(Filter.LANCZOS3, 2, 37, 25);
    resampled(Filter.LANCZOS3, 3, 37, 25);
    for (Filter filter : Filter.values()) {
      for (int channels : new int[] {1, 4}) {
        resampled(filter, channels, 37, 25);
        resampled(filter, channels, 9, 7);
        resampled(filter, channels, 150, 100);
      }
    }
  }

  private void resampled(Filter filter, int channels, int width, int height) throws IOException {
    byte[] pixels = pixels(channels);
    float[] all = new float[width * height * channels];
    Resampler resampler =
        new Resampler(
            channels,
            Axis.whole(WIDTH, width),
            Axis.whole(HEIGHT, height),
            filter,
            (y, row) -> System.arraycopy(row, 0, all, y * width * channels, width * channels),
            () -> {});
    float[] row = new float[WIDTH * channels];
    for (int y = 0; y < HEIGHT; y++) {
      for (int i = 0; i < row.length; i++) {
        row[i] = pixels[y * row.length + i] & 0xFF;
      }
      resampler.row(row, 0);
    }
    add("resample %s %d to %d × %d".formatted(filter, channels, width, height), all);
  }

  private void colors() {
    ColorConverter converter = ColorConverter.of(SRGB_CURVE_P3).orElseThrow();
    byte[] pixels = pixels(3);
    float[][] rows = new float[3][WIDTH];
    for (int x = 0; x < WIDTH; x++) {
      for (int c = 0; c < 3; c++) {
        rows[c][x] = (pixels[3 * x + c] & 0xFF) + x / 256f;
      }
    }
    converter.bytes(pixels, 0, WIDTH * HEIGHT, 3);
    add("Display P3 to sRGB, bytes", pixels);
    converter.row(rows[0], rows[1], rows[2], WIDTH);
    add("Display P3 to sRGB, floats", rows[1]);
  }

  private static final String[] RECIPES = {
    "w=50,format=jpeg",
    "w=20,format=jpeg,q=95",
    "w=40,format=jpeg,progressive=true",
    "w=150,enlarge=true,format=jpeg",
    "w=45,format=png",
    "crop=10:15:80:50,rotate=90,flip=horizontal,w=80,format=png",
    "w=40,h=30,fit=cover,gravity=smart,format=png",
    "w=40,h=30,fit=cover,focal=0.3:0.8,format=jpeg",
    "w=40,h=40,fit=contain,background=30506b,format=png",
    "trim=10,w=45,format=png",
    "w=45,blur=2.5,format=png",
    "w=45,sharpen=1.2,format=png",
    "w=45,grayscale=true,pad=3,format=jpeg",
    "w=45,watermark=LOGO,watermark-opacity=60,watermark-scale=40,format=png",
    "w=64,q=auto,format=jpeg",
    "w=45,format=gif",
  };

  private void recipes(int every) throws IOException {
    byte[] p3 = jpeg(Sampling.YCC_420, 92, JpegSpec.Scans.BASELINE, SRGB_CURVE_P3);
    Digest logo = Digest.ofContent(new byte[] {1});
    Source mark = source(MediaType.PNG, "logo", png(4));
    Map<String, Source> sources = new LinkedHashMap<>();
    sources.put(
        "photo",
        source(
            MediaType.JPEG,
            "photo",
            jpeg(Sampling.YCC_420, 92, JpegSpec.Scans.BASELINE, new byte[0])));
    sources.put("Display P3 photo", source(MediaType.JPEG, "p3", p3));
    sources.put("fading picture", source(MediaType.PNG, "fading", png(4)));
    ImageTransformer engine = new ImageTransformer();
    for (Map.Entry<String, Source> entry : sources.entrySet()) {
      for (int i = 0; i < RECIPES.length; i += every) {
        String text = RECIPES[i];
        Transformation recipe = Transformation.parse(text.replace("LOGO", logo.hex()));
        Rendition made =
            engine
                .render(entry.getValue().with(logo, mark), List.of(recipe), new TestBudget())
                .get(0);
        byte[] file = EngineFixture.bytes(made);
        byte[] told = recipe.format() == Format.PNG ? rows(file) : file;
        add(entry.getKey() + " " + text, told);
      }
      Facts facts = engine.inspect(entry.getValue(), new TestBudget());
      for (Fact<?> fact :
          List.of(
              Fact.PERCEPTUAL_HASH,
              Fact.PIXEL_DIGEST,
              Fact.DOMINANT_COLOR,
              Fact.BLUR_HASH,
              Fact.THUMB_HASH)) {
        digests.put(entry.getKey() + " " + fact, facts.get(fact).orElseThrow().toString());
      }
    }
  }

  private Source source(MediaType type, String name, byte[] bytes) throws IOException {
    return new Source(type, Facts.NONE, Files.write(folder.resolve(name), bytes));
  }

  private static byte[] rows(byte[] png) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    PngLimits limits = new PngLimits(1_000_000, 1 << 20);
    try (PngReader reader = PngReader.open(new ByteArrayInputStream(png), limits, () -> {})) {
      byte[] row = new byte[8 * reader.info().width()];
      while (reader.row(row, 0)) {
        all.write(row);
      }
    }
    return all.toByteArray();
  }

  /** Display P3 with the curve of sRGB as a table of 9 values. */
  private static byte[] displayP3() {
    double[][] xyz = {
      {0.5151, 0.2412, -0.0011}, {0.2920, 0.6922, 0.0419}, {0.1571, 0.0666, 0.7841}
    };
    int[] curve = {0, 933, 3337, 8001, 14029, 22873, 33899, 48119, 65535};
    ByteBuffer out = ByteBuffer.allocate(132 + 6 * 12 + 3 * 20 + 32);
    out.putInt(out.capacity()).putInt(8, 0x04200000);
    text(out, 12, "mntrRGB XYZ ");
    text(out, 36, "acsp");
    out.putInt(128, 6);
    int at = 132 + 72;
    for (int c = 0; c < 3; c++) {
      text(out, 132 + 12 * c, "rgb".charAt(c) + "XYZ");
      out.putInt(136 + 12 * c, at).putInt(140 + 12 * c, 20);
      text(out, at, "XYZ ");
      for (int k = 0; k < 3; k++) {
        out.putInt(at + 8 + 4 * k, (int) Math.round(xyz[c][k] * 65536));
      }
      at += 20;
    }
    for (int c = 0; c < 3; c++) {
      text(out, 168 + 12 * c, "rgb".charAt(c) + "TRC");
      out.putInt(172 + 12 * c, at).putInt(176 + 12 * c, 30);
    }
    text(out, at, "curv");
    out.putInt(at + 8, curve.length);
    for (int i = 0; i < curve.length; i++) {
      out.putShort(at + 12 + 2 * i, (short) curve[i]);
    }
    return out.array();
  }

  private static void text(ByteBuffer out, int at, String text) {
    out.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }
}
