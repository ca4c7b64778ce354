package dev.hfsm.internal.sniff;

import dev.hfsm.model.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Formats in the ISO base media file format (ISO 14496-12): the first box lists brands. The major
 * brand decides; where it only says "an image" (mif1, msf1) the compatible ones do.
 */
final class IsoMedia {

  private static final MediaType AVIF = new MediaType("image/avif");
  private static final MediaType HEIC = new MediaType("image/heic");
  private static final MediaType HEIF = new MediaType("image/heif");
  private static final MediaType MP4 = new MediaType("video/mp4");
  private static final MediaType M4A = new MediaType("audio/mp4");
  private static final MediaType QUICKTIME = new MediaType("video/quicktime");
  private static final MediaType THREE_GP = new MediaType("video/3gpp");
  private static final MediaType CR3 = new MediaType("image/x-canon-cr3");

  private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis");
  private static final Set<String> HEIC_BRANDS =
      Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs");
  private static final Set<String> ANY_IMAGE = Set.of("mif1", "msf1", "mif2", "miaf", "1pic");
  private static final Set<String> AUDIO = Set.of("M4A ", "M4B ", "M4P ");

  /** Boxes an old QuickTime file may start with, from before there were brands. */
  private static final Set<String> OLD_QUICKTIME = Set.of("moov", "mdat", "wide", "free", "skip");

  private IsoMedia() {}

  static Optional<MediaType> sniff(Head head) {
    if (head.at(4, "ftyp")) {
      return Optional.of(ofBrands(text(head, 8), compatible(head)));
    }
    long size = head.big32(0);
    boolean box = head.length() >= 12 && (size == 0 || size == 1 || size >= 8);
    return box && OLD_QUICKTIME.contains(text(head, 4)) && isPlausible(head, size)
        ? Optional.of(QUICKTIME)
        : Optional.empty();
  }

  /** Behind a box that ends in sight another box must start; else its name alone must do. */
  private static boolean isPlausible(Head head, long size) {
    if (size < 8 || size + 8 > head.length()) {
      return true;
    }
    String next = text(head, (int) size + 4);
    return next.chars().allMatch(c -> c >= ' ' && c < 127 || c == 0xa9);
  }

  private static MediaType ofBrands(String major, Set<String> compatible) {
    if (ANY_IMAGE.contains(major)) {
      return compatible.stream().flatMap(brand -> image(brand).stream()).findFirst().orElse(HEIF);
    }
    Optional<MediaType> image = image(major);
    if (image.isPresent()) {
      return image.get();
    }
    if (major.equals("qt  ")) {
      return QUICKTIME;
    }
    if (major.equals("crx ")) {
      return CR3;
    }
    if (AUDIO.contains(major)) {
      return M4A;
    }
    return major.startsWith("3gp") || major.startsWith("3g2") ? THREE_GP : MP4;
  }

  private static Optional<MediaType> image(String brand) {
    if (AVIF_BRANDS.contains(brand)) {
      return Optional.of(AVIF);
    }
    return HEIC_BRANDS.contains(brand) ? Optional.of(HEIC) : Optional.empty();
  }

  private static Set<String> compatible(Head head) {
    long end = Math.min(head.big32(0), head.length());
    Set<String> brands = new LinkedHashSet<>();
    for (int i = 16; i + 4 <= end; i += 4) {
      brands.add(text(head, i));
    }
    return brands;
  }

  private static String text(Head head, int index) {
    int length = Math.max(0, Math.min(4, head.length() - index));
    return new String(head.bytes(), index, length, StandardCharsets.ISO_8859_1);
  }
}
