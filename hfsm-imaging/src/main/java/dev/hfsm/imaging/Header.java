package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was learned from a file without decoding a pixel.
 *
 * @param type what the file is
 * @param width of the whole canvas, as stored
 * @param height of the whole canvas, as stored
 * @param frames frames or pages, at least 1
 * @param orientation if the container says it outside of EXIF, else 0
 * @param exif a TIFF structure, bounded
 * @param icc the embedded colour profile, bounded and complete, not yet validated
 * @param encoded how to decode it; null for a type whose pixels stay closed
 */
record Header(
    MediaType type,
    int width,
    int height,
    int frames,
    int orientation,
    byte @Nullable [] exif,
    byte @Nullable [] icc,
    @Nullable Encoded encoded) {

  long pixels() {
    return (long) width * height;
  }

  /** Who decodes. */
  enum Codec {
    JPEG,
    PNG,
    GIF,
    BMP,
    WEBP,
    TIFF,
    TIFF_JPEG,
    PSD,
    ICON,
    OTHER
  }

  /**
   * The pixels of the first frame.
   *
   * @param codec who decodes
   * @param pieces what the decoder gets to see
   * @param frame where the decoded frame lies on the canvas; the rest of the canvas is transparent
   * @param bytesPerPixel of the decoder's result
   * @param overhead bytes that the decoder needs besides, whatever the region
   * @param banded whether the decoder can decode a part without holding the whole
   * @param others who knows the decoder, if it is none of this engine
   */
  record Encoded(
      Codec codec,
      List<Piece> pieces,
      Rectangle frame,
      int bytesPerPixel,
      long overhead,
      boolean banded,
      @Nullable OtherReaders others) {

    /** Decoded by one of this engine. */
    Encoded(
        Codec codec,
        List<Piece> pieces,
        Rectangle frame,
        int bytesPerPixel,
        long overhead,
        boolean banded) {
      this(codec, pieces, frame, bytesPerPixel, overhead, banded, null);
    }
  }
}
