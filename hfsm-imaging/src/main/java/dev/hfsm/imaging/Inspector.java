package dev.hfsm.imaging;

import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import dev.hfsm.transform.Budget;
import java.io.IOException;
import java.util.Optional;

/** Learns the facts of one file. */
final class Inspector {

  private Inspector() {}

  static Facts inspect(Bytes in, MediaType type, TransformerId inspector, Budget budget)
      throws IOException {
    if (RawPreview.in(type)) {
      return raw(in, type, inspector, budget);
    }
    Header header = Headers.read(in, type, budget.limits());
    Metadata.Exif exif = Headers.exif(in, header, budget.limits());
    int orientation = Headers.orientation(header, exif);
    boolean swaps = Turn.ofOrientation(orientation).swaps();
    Facts facts =
        Facts.of(Fact.MEDIA_TYPE, type)
            .with(Fact.INSPECTOR, inspector)
            .with(Fact.WIDTH, header.width())
            .with(Fact.HEIGHT, header.height())
            .with(Fact.ORIENTATION, orientation)
            .with(Fact.UPRIGHT_WIDTH, swaps ? header.height() : header.width())
            .with(Fact.UPRIGHT_HEIGHT, swaps ? header.width() : header.height())
            .withOptional(
                Fact.ICC_PROFILE, ColorProfile.of(header.icc()).flatMap(ColorProfile::description))
            .and(exif.facts());
    return header.encoded() == null ? facts : facts.and(pixels(in, header, orientation, budget));
  }

  /** What the camera noted; the size of what its sensor saw is not read. */
  private static Facts raw(Bytes in, MediaType type, TransformerId inspector, Budget budget) {
    Metadata.Exif exif = Metadata.ofTiff(in, budget.limits());
    return Facts.of(Fact.MEDIA_TYPE, type)
        .with(Fact.INSPECTOR, inspector)
        .with(Fact.ORIENTATION, exif.orientation() == 0 ? 1 : exif.orientation())
        .and(exif.facts());
  }

  private static Facts pixels(Bytes in, Header header, int orientation, Budget budget)
      throws IOException {
    Decoder decoder = new Decoder(in, header);
    boolean turns = !Turn.ofOrientation(orientation).equals(Turn.NONE);
    long extra = turns ? Fingerprint.TURNED_BYTES : 0;
    long perRow = decoder.rowBytes(header.width()) + extra * header.width();
    int longer = Math.max(header.width(), header.height());
    long fixed = Fingerprint.bytes(header.width(), header.height()) + decoder.fixedBytes();
    long wanted = fixed + perRow * header.height();
    long least = fixed + 16 * (decoder.rowBytes(longer) + extra * longer);
    long share = Math.max(least, Math.min(wanted, budget.largest()));
    try (Budget.Memory memory = budget.reserve(share)) {
      long forRows = share - Fingerprint.bytes(header.width(), header.height());
      Rows rows = new Rows(decoder, budget);
      Fingerprint fingerprint = new Fingerprint(decoder, rows, orientation, forRows, budget);
      Fingerprint.Result result = fingerprint.compute();
      // An animation is more than its first frame, which is all that was looked at.
      Optional<Fingerprint.Result> still =
          header.frames() == 1 ? Optional.of(result) : Optional.empty();
      return Facts.of(Fact.FRAMES, header.frames())
          .with(Fact.ALPHA, result.alpha())
          .with(Fact.GRAPHIC, result.graphic())
          .with(Fact.PERCEPTUAL_HASH, result.hash())
          .withOptional(Fact.PIXEL_DIGEST, still.map(Fingerprint.Result::digest));
    }
  }
}
