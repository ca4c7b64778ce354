package dev.hfsm.delivery;

import dev.hfsm.model.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A file name for a {@code Content-Disposition} field (RFC 6266), made from the client's word: in
 * the encoded form of RFC 8187 only, where nothing in it can mean anything to HTTP, and without
 * what could mean something to the file system or mislead the eye of whoever saves it.
 */
final class FileName {

  /** What file systems take, in bytes of UTF-8. */
  private static final int LONGEST = 200;

  private static final int LONGEST_ENDING = 16;

  /** Types that are nothing else under another name, as TIFF is; the first ending is usual. */
  private static final Map<String, List<String>> ENDINGS =
      Map.of(
          "image/jpeg", List.of("jpg", "jpeg", "jpe", "jfif", "jif"),
          "image/png", List.of("png", "apng"),
          "image/gif", List.of("gif"),
          "image/webp", List.of("webp"),
          "image/avif", List.of("avif", "avifs"),
          "image/bmp", List.of("bmp", "dib"),
          "image/heic", List.of("heic", "heif", "hif"));

  private static final String SEPARATORS = "/\\:*?\"<>|";

  private FileName() {}

  /**
   * The parameter with what stands before it; empty if there is nothing left of the name.
   *
   * @param type what the bytes are
   */
  static String parameter(String name, MediaType type) {
    if (name.isEmpty()) {
      return ""; // as with every variant
    }
    String safe = bounded(ofItsType(safe(name), type));
    return safe.isEmpty() ? "" : "; filename*=UTF-8''" + encoded(safe);
  }

  /**
   * Without control characters and invisible ones (a right-to-left override makes {@code gpj.exe}
   * read as {@code exe.jpg}), without separators of paths, and not hidden.
   */
  private static String safe(String name) {
    StringBuilder safe = new StringBuilder();
    name.codePoints()
        .filter(FileName::isVisible)
        .map(c -> SEPARATORS.indexOf(c) < 0 ? c : '_')
        .forEach(safe::appendCodePoint);
    return safe.toString().strip().replaceFirst("^[. ]+", "").replaceFirst("[. ]+$", "");
  }

  /**
   * Of a picture that a browser shows, no more is saved than a picture: the same bytes may be a
   * page too, and what they are once they lie on a disk is for the ending to say.
   */
  private static String ofItsType(String name, MediaType type) {
    List<String> endings = ENDINGS.getOrDefault(type.toString(), List.of());
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return name.isEmpty() || endings.isEmpty() || endings.contains(ending) && name.contains(".")
        ? name
        : name + "." + endings.get(0);
  }

  private static boolean isVisible(int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL:
      case Character.FORMAT:
      case Character.SURROGATE:
      case Character.LINE_SEPARATOR:
      case Character.PARAGRAPH_SEPARATOR:
      case Character.UNASSIGNED:
      case Character.PRIVATE_USE:
        return false;
      default:
        return true;
    }
  }

  /** Cut in the middle: the ending says with what it is opened. */
  private static String bounded(String name) {
    if (bytes(name) <= LONGEST) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    String ending =
        dot > 0 && bytes(name.substring(dot)) <= LONGEST_ENDING ? name.substring(dot) : "";
    StringBuilder kept = new StringBuilder();
    int left = LONGEST - bytes(ending);
    for (int c : name.codePoints().toArray()) {
      left -= bytes(Character.toString(c));
      if (left < 0) {
        break;
      }
      kept.appendCodePoint(c);
    }
    return kept + ending;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          b >= '0' && b <= '9'
              || b >= 'a' && b <= 'z'
              || b >= 'A' && b <= 'Z'
              || b == '.'
              || b == '-';
      encoded.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xFF));
    }
    return encoded.toString();
  }
}
