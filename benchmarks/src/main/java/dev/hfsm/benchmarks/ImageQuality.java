package dev.hfsm.benchmarks;

import dev.hfsm.imaging.ImageTransformer;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Alpha;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import net.coobird.thumbnailator.Thumbnails;
import org.jspecify.annotations.Nullable;

/**
 * How near to a {@link ReferencePicture} the widths of a srcset come, by HFSM's engine and by
 * others, and how many bytes they take: JPEG at quality 80, and pixels without loss, which shows
 * what decoding and resizing do alone. Photos with a profile other than sRGB, or with an
 * orientation, are refused, because the reference looks at neither.
 */
public final class ImageQuality {

  private static final String USAGE = "[--sharp <folder>] [--widths 320,640,...] photo.jpg...";
  private static final List<Integer> WIDTHS = List.of(320, 640, 960, 1280, 1920);
  private static final String SHARP = "sharp, JPEG";
  private static final float QUALITY = ImageTask.QUALITY / 100f;

  private final ImageTransformer transformer = new ImageTransformer();
  private final GenerousBudget budget = new GenerousBudget();

  private final List<Integer> widths;

  private ImageQuality(List<Integer> widths) {
    this.widths = widths;
  }

  /** Takes what {@code USAGE} says. */
  public static void main(String[] arguments) throws IOException {
    Path sharp = null;
    List<Integer> widths = WIDTHS;
    List<Path> photos = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--sharp" -> sharp = Path.of(arguments[++i]);
        case "--widths" ->
            widths = Arrays.stream(arguments[++i].split(",")).map(Integer::valueOf).toList();
        default -> photos.add(Path.of(arguments[i]));
      }
    }
    if (photos.isEmpty() || arguments[0].equals("--help")) {
      System.out.println(USAGE);
      return;
    }
    try (SharpPeer peer = sharp == null ? null : SharpPeer.start(sharp);
        Workbench bench = new Workbench()) {
      System.out.println(peer == null ? "no sharp" : peer.version());
      for (Path photo : photos) {
        new ImageQuality(widths).compare(photo, peer, bench.folder());
      }
    }
  }

  private void compare(Path photo, @Nullable SharpPeer peer, Path folder) throws IOException {
    BufferedImage source = ImageIO.read(photo.toFile());
    if (source == null) {
      throw new IOException("expected a JPEG, found something else: " + photo);
    }
    Facts facts = transformer.inspect(new Source(MediaType.JPEG, Facts.NONE, photo), budget);
    if (facts.get(Fact.ORIENTATION).orElse(1) != 1
        || !facts.get(Fact.ICC_PROFILE).orElse("sRGB").contains("sRGB")) {
      throw new IOException("expected an upright photo in sRGB, found another: " + photo);
    }
    System.out.printf(
        "%n%s, %d × %d%n", photo.getFileName(), source.getWidth(), source.getHeight());
    for (int width : widths) {
      if (width >= source.getWidth()) {
        continue;
      }
      compare(photo, source, width, made(photo, source, width, peer, folder));
    }
  }

  private void compare(Path photo, BufferedImage source, int width, Map<String, byte[]> made)
      throws IOException {
    int height = read(made.values().iterator().next()).getHeight();
    ReferencePicture reference = ReferencePicture.of(source, width, height);
    for (Map.Entry<String, byte[]> entry : made.entrySet()) {
      ReferencePicture.Distance distance = reference.to(read(entry.getValue()));
      String equal =
          entry.getKey().equals(SHARP)
              ? "; HFSM's at this MSE are %.3f of them"
                  .formatted(
                      atMse(photo, width, reference, distance.mse()) / made.get(SHARP).length)
              : "";
      System.out.printf(
          Locale.ROOT,
          "%5d  %-22s MSE %7.3f  SSIM %.5f  %8d bytes%s%n",
          width,
          entry.getKey(),
          distance.mse(),
          distance.ssim(),
          entry.getValue().length,
          equal);
    }
  }

  private static BufferedImage read(byte[] file) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(file));
  }

  /** Bytes of a file of ours that is that far away, interpolated between two qualities. */
  private double atMse(Path photo, int width, ReferencePicture reference, double mse)
      throws IOException {
    int low = 50;
    int high = 95;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (reference.to(read(hfsm(photo, width, Format.JPEG, middle))).mse() > mse) {
        low = middle;
      } else {
        high = middle;
      }
    }
    byte[] worse = hfsm(photo, width, Format.JPEG, low);
    byte[] better = hfsm(photo, width, Format.JPEG, high);
    double from = reference.to(read(worse)).mse();
    double to = reference.to(read(better)).mse();
    return worse.length + (better.length - worse.length) * (from - mse) / (from - to);
  }

  private Map<String, byte[]> made(
      Path photo, BufferedImage source, int width, @Nullable SharpPeer peer, Path folder)
      throws IOException {
    Map<String, byte[]> made = new LinkedHashMap<>();
    made.put("HFSM, pixels", hfsm(photo, width, Format.PNG, 100));
    if (peer != null) {
      made.put("sharp, pixels", sharp(peer, photo, width, "png", folder));
    }
    made.put("HFSM, JPEG", hfsm(photo, width, Format.JPEG, ImageTask.QUALITY));
    if (peer != null) {
      made.put(SHARP, sharp(peer, photo, width, "jpeg", folder));
    }
    made.put("Thumbnailator, JPEG", thumbnailator(photo, width));
    made.put("ImageIO bilinear, JPEG", bilinear(source, width));
    return made;
  }

  private byte[] hfsm(Path photo, int width, Format format, int quality) throws IOException {
    Transformation plain = Transformation.image().width(width).format(format);
    Transformation recipe =
        (format == Format.JPEG ? plain.quality(quality) : plain)
            .resolve(MediaType.JPEG, Alpha.ABSENT);
    Source source = new Source(MediaType.JPEG, Facts.NONE, photo);
    try (InputStream content =
        transformer.render(source, List.of(recipe), budget).get(0).content().open()) {
      return content.readAllBytes();
    }
  }

  private static byte[] sharp(SharpPeer peer, Path photo, int width, String format, Path folder)
      throws IOException {
    peer.make(photo, format, ImageTask.QUALITY, List.of(width), folder);
    return Files.readAllBytes(folder.resolve("sharp-" + width + "." + format));
  }

  private static byte[] thumbnailator(Path photo, int width) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Thumbnails.of(photo.toFile())
        .width(width)
        .outputFormat("jpg")
        .outputQuality(QUALITY)
        .toOutputStream(out);
    return out.toByteArray();
  }

  private static byte[] bilinear(BufferedImage source, int width) throws IOException {
    int height = (int) Math.round(source.getHeight() * (double) width / source.getWidth());
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = small.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(source, 0, 0, width, height, null);
    pen.dispose();
    return Landscape.jpeg(small, QUALITY);
  }
}
