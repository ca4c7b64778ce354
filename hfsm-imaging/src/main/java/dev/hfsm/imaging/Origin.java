package dev.hfsm.imaging;

import dev.hfsm.transform.Keep;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Transformation;
import org.jspecify.annotations.Nullable;

/**
 * A picture before its pixels are read.
 *
 * @param in the file, or the part of it that holds the picture
 * @param orientation 1 to 8
 * @param rights what it says of who owns it
 */
record Origin(Bytes in, Header header, int orientation, Rights rights) {

  static Origin of(Bytes in, Header header, Limits limits) {
    Metadata.Exif exif = Headers.exif(in, header, limits);
    return new Origin(in, header, Headers.orientation(header, exif), exif.rights());
  }

  /** What a variant of pixels of that kind carries. */
  Tags tags(Transformation recipe, Strip.Model model) {
    boolean colors = model == Strip.Model.RGB || model == Strip.Model.RGBA;
    boolean keeps = recipe.keeps(Keep.ICC) && colors;
    byte @Nullable [] icc =
        keeps && ColorProfile.of(header.icc()).filter(p -> p.fits(model)).isPresent()
            ? header.icc()
            : null;
    return new Tags(icc, recipe.keeps(Keep.COPYRIGHT) ? rights.exif() : null);
  }
}
