package dev.hfsm.internal.sniff;

import dev.hfsm.model.MediaType;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tells what bytes are by looking at their head: magic numbers first, text last. What a client says
 * about its bytes is not asked. The answer says what the bytes claim to be, not that they are
 * sound.
 *
 * <p>TIFF-based formats that cannot be told from their first bytes (NEF) are TIFF; a DNG can if its
 * first directory stands there.
 */
public final class MediaTypeSniffer {

  /** How many bytes of a head are looked at; more change nothing. */
  public static final int HEAD_BYTES = 4096;

  private static final byte[] JP2 = {
    0, 0, 0, 12, 'j', 'P', ' ', ' ', '\r', '\n', (byte) 0x87, '\n'
  };
  private static final byte[] JXL_BOX = {
    0, 0, 0, 12, 'J', 'X', 'L', ' ', '\r', '\n', (byte) 0x87, '\n'
  };
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'};

  /** What to look for; the first match counts. */
  private static final List<Rule> RULES =
      List.of(
          rule(MediaType.JPEG, h -> h.at(0, 0xff, 0xd8, 0xff)),
          rule(MediaType.PNG, h -> h.at(0, PNG)),
          rule(MediaType.GIF, h -> h.at(0, "GIF87a") || h.at(0, "GIF89a")),
          rule(MediaType.WEBP, h -> h.riff("WEBP")),
          rule("audio/x-wav", h -> h.riff("WAVE")),
          rule("video/x-msvideo", h -> h.riff("AVI ")),
          rule("image/x-canon-cr2", h -> h.at(0, 'I', 'I', 42, 0) && h.at(8, 'C', 'R', 2)),
          rule("image/x-adobe-dng", TiffDirectory::isDng),
          rule(MediaType.TIFF, MediaTypeSniffer::isTiff),
          rule(
              "image/vnd.adobe.photoshop",
              h -> h.at(0, "8BPS") && (h.at(4, 0, 1) || h.at(4, 0, 2))),
          rule("image/jp2", h -> h.at(0, JP2) && h.at(16, "ftyp") && h.at(20, "jp2 ")),
          rule("image/jpx", h -> h.at(0, JP2)),
          rule("image/jxl", h -> h.at(0, JXL_BOX) || h.at(0, 0xff, 0x0a)),
          rule("application/pdf", h -> h.indexOf("%PDF-", 1024) >= 0 && !h.looksLikeMarkup()),
          rule("application/zip", MediaTypeSniffer::isZip),
          rule("application/gzip", h -> h.at(0, 0x1f, 0x8b, 8)),
          rule("audio/flac", h -> h.at(0, "fLaC")),
          rule("video/webm", h -> h.isEbml() && h.indexOf("webm", 64) >= 0),
          rule("video/x-matroska", h -> h.isEbml() && h.indexOf("matroska", 64) >= 0),
          rule("audio/mpeg", h -> h.at(0, "ID3") || h.isMpegAudio()),
          rule(MediaType.BMP, MediaTypeSniffer::isBmp),
          rule("image/x-icon", MediaTypeSniffer::isIcon));

  private MediaTypeSniffer() {}

  /**
   * The type of content that starts with the first {@code length} bytes of {@code head}; {@link
   * MediaType#OCTET_STREAM} if nothing is recognised.
   */
  public static MediaType sniff(byte[] head, int length) {
    Head h = new Head(head, Math.min(Math.min(length, head.length), HEAD_BYTES));
    for (Rule rule : RULES) {
      if (rule.matches.test(h)) {
        return rule.type;
      }
    }
    return IsoMedia.sniff(h)
        .or(() -> OggMedia.sniff(h))
        .or(() -> TextMedia.sniff(h))
        .orElse(MediaType.OCTET_STREAM);
  }

  private record Rule(MediaType type, Predicate<Head> matches) {}

  private static Rule rule(MediaType type, Predicate<Head> matches) {
    return new Rule(type, matches);
  }

  private static Rule rule(String type, Predicate<Head> matches) {
    return new Rule(new MediaType(type), matches);
  }

  private static boolean isTiff(Head h) {
    return h.at(0, 'I', 'I', 42, 0)
        || h.at(0, 'M', 'M', 0, 42)
        || h.at(0, 'I', 'I', 43, 0, 8, 0)
        || h.at(0, 'M', 'M', 0, 43, 0, 8);
  }

  private static boolean isZip(Head h) {
    return h.at(0, 'P', 'K', 3, 4) || h.at(0, 'P', 'K', 5, 6) || h.at(0, 'P', 'K', 7, 8);
  }

  /** "BM" starts many a text, so the size of the header behind it has to be one that exists. */
  private static boolean isBmp(Head h) {
    if (!h.at(0, "BM") || h.length() < 18) {
      return false;
    }
    long header = h.little32(14);
    return header == 12 || header == 16 || header == 64 || header >= 40 && header <= 128;
  }

  /** Four bytes of magic are few, so the first entry of the directory has to make sense too. */
  private static boolean isIcon(Head h) {
    boolean magic = h.at(0, 0, 0, 1, 0) || h.at(0, 0, 0, 2, 0);
    if (!magic || h.length() < 22) {
      return false;
    }
    int count = h.little16(4);
    return count > 0
        && count <= 1024
        && h.u8(9) == 0
        && h.little32(14) > 0
        && h.little32(18) >= 6 + 16L * count;
  }
}
