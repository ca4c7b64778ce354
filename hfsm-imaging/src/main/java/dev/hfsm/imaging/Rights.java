package dev.hfsm.imaging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a picture, as EXIF says it.
 *
 * @param artist who made it
 * @param copyright the notice
 */
record Rights(Optional<String> artist, Optional<String> copyright) {

  static final Rights NONE = new Rights(Optional.empty(), Optional.empty());

  private static final int MAX_LENGTH = 1000;
  private static final int UPRIGHT = 1;
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int ARTIST = 0x013B;
  private static final int COPYRIGHT = 0x8298;
  private static final int ASCII = 2;

  Rights {
    artist = artist.map(Rights::bounded);
    copyright = copyright.map(Rights::bounded);
  }

  private static String bounded(String text) {
    return text.codePointCount(0, text.length()) <= MAX_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH));
  }

  /** A TIFF structure (TIFF 6.0) with these texts in UTF-8 and nothing else; null for none. */
  byte @Nullable [] exif() {
    return exif(UPRIGHT);
  }

  /**
   * The same that also says how the picture is turned, unless it is upright.
   *
   * @param orientation 1 to 8
   */
  byte @Nullable [] exif(int orientation) {
    boolean turned = orientation != UPRIGHT;
    int count = (turned ? 1 : 0) + (artist.isPresent() ? 1 : 0) + (copyright.isPresent() ? 1 : 0);
    if (count == 0) {
      return null;
    }
    byte[] first = terminated(artist);
    byte[] second = terminated(copyright);
    int texts = 8 + 2 + 12 * count + 4;
    ByteBuffer out = ByteBuffer.allocate(texts + first.length + second.length);
    out.put(new byte[] {'M', 'M', 0, 42}).putInt(8).putShort((short) count);
    if (turned) {
      out.putShort((short) ORIENTATION).putShort((short) SHORT).putInt(1);
      out.putInt(orientation << 16);
    }
    if (first.length > 0) {
      entry(out, ARTIST, first.length, texts);
    }
    if (second.length > 0) {
      entry(out, COPYRIGHT, second.length, texts + first.length);
    }
    return out.putInt(0).put(first).put(second).array();
  }

  /** Texts of up to four bytes would stand in the entry, so all have more. */
  private static byte[] terminated(Optional<String> text) {
    byte[] bytes = text.orElse("").getBytes(StandardCharsets.UTF_8);
    return text.isEmpty() ? bytes : java.util.Arrays.copyOf(bytes, Math.max(5, bytes.length + 1));
  }

  private static void entry(ByteBuffer out, int tag, int length, int at) {
    out.putShort((short) tag).putShort((short) ASCII).putInt(length).putInt(at);
  }
}
