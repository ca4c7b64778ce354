package dev.hfsm.imaging;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Keep;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of which the compressed picture is copied, byte for byte, with all that is needed to show
 * it as it was meant (colour profile, transparency, frames, orientation), and nothing else: what is
 * not known to be needed is left out. Nothing is decoded, so nothing is lost.
 */
final class Stripped {

  private static final int MOST = 1 << 30;

  private Stripped() {}

  /** Whether files of this type can be copied so. */
  static boolean copies(MediaType source, Transformation recipe) {
    return recipe.strips() && recipe.format().mediaType().filter(source::equals).isPresent();
  }

  /**
   * The copy.
   *
   * @return empty if the file has no place for what has to be kept; it is encoded then
   */
  static Optional<Rendition> copy(Bytes in, Transformation recipe, Budget budget)
      throws IOException {
    MediaType type = recipe.format().mediaType().orElseThrow();
    Header header = Headers.read(in, type, budget.limits());
    Origin origin = Origin.of(in, header, budget.limits());
    Rights rights = recipe.keeps(Keep.COPYRIGHT) ? origin.rights() : Rights.NONE;
    byte @Nullable [] exif = rights.exif(origin.orientation());
    Optional<Pieces> pieces =
        switch (recipe.format()) {
          case JPEG -> Optional.of(new JpegCopy(in, exif).pieces());
          case PNG -> Optional.of(PngCopy.pieces(in, exif));
          case GIF -> Optional.of(new GifCopy(in).pieces());
          case WEBP -> WebpCopy.pieces(in, exif);
          case AUTO -> Optional.empty();
        };
    boolean lying = origin.orientation() > 4;
    int width = lying ? header.height() : header.width();
    int height = lying ? header.width() : header.height();
    return pieces.isEmpty()
        ? Optional.empty()
        : Optional.of(Encoder.rendition(recipe, width, height, together(in, pieces.get(), budget)));
  }

  private static byte[] together(Bytes in, Pieces pieces, Budget budget) throws Malformed {
    long total = pieces.length();
    if (total > MOST) {
      throw new LimitExceededException(
          "at most %d bytes are copied, found %d".formatted(MOST, total), false);
    }
    try (Budget.Memory memory = budget.reserve(total)) {
      byte[] file = new byte[(int) total];
      int at = 0;
      for (Piece piece : pieces.list()) {
        int length = (int) piece.length();
        if (piece instanceof Piece.Literal literal) {
          System.arraycopy(literal.bytes(), 0, file, at, length);
        } else if (piece instanceof Piece.Range range
            && length > 0
            && in.read(range.offset(), file, at, length) < length) {
          throw new Malformed("the file is truncated");
        }
        at += length;
      }
      return file;
    }
  }
}
