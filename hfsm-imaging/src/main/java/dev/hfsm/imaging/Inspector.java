package dev.hfsm.imaging;

import dev.hfsm.imaging.placeholder.Thumbnail;
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

  static Facts inspect(
      Bytes in, MediaType type, OtherReaders others, TransformerId inspector, Budget budget)
      throws IOException {
    if (RawPreview.in(type)) {
      return raw(in, type, inspector, budget);
    }
    Header header = Headers.read(in, type, budget.limits(), others);
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

  /** What the camera noted, and the size of the largest picture that directories speak of. */
  private static Facts raw(Bytes in, MediaType type, TransformerId inspector, Budget budget)
      throws Malformed {
    Metadata.Exif exif = Metadata.ofTiff(in, budget.limits());
    int orientation = exif.orientation() == 0 ? 1 : exif.orientation();
    Facts facts =
        Facts.of(Fact.MEDIA_TYPE, type)
            .with(Fact.INSPECTOR, inspector)
            .with(Fact.ORIENTATION, orientation)
            .and(exif.facts());
    Optional<RawPreview.Size> size = RawPreview.size(in);
    boolean swaps = Turn.ofOrientation(orientation).swaps();
    Optional<RawPreview.Size> upright =
        size.map(s -> swaps ? new RawPreview.Size(s.height(), s.width()) : s);
    return facts
        .withOptional(Fact.WIDTH, size.map(RawPreview.Size::width))
        .withOptional(Fact.HEIGHT, size.map(RawPreview.Size::height))
        .withOptional(Fact.UPRIGHT_WIDTH, upright.map(RawPreview.Size::width))
        .withOptional(Fact.UPRIGHT_HEIGHT, upright.map(RawPreview.Size::height));
  }

  private static Facts pixels(Bytes in, Header header, int orientation, Budget budget)
      throws IOException {
    PixelRows rows = PixelRows.of(in, header, budget);
    Optional<JpegPlan> plan =
        rows instanceof JpegRows jpeg
            ? Optional.of(jpeg.small(orientation, Thumbnail.MAX_SIDE))
            : Optional.empty();
    boolean turns = !Turn.ofOrientation(orientation).equals(Turn.NONE);
    long extra = turns ? Fingerprint.TURNED_BYTES : 0;
    long perRow = rows.rowBytes(header.width()) + extra * header.width();
    int longer = Math.max(header.width(), header.height());
    long besides = Fingerprint.bytes(header.width(), header.height());
    besides +=
        rows instanceof JpegRows jpeg
            ? plan.map(jpeg::bytes).orElse(0L)
            : SmallPicture.bytes(header.width(), header.height());
    long fixed = besides + rows.fixedBytes();
    long wanted = fixed + perRow * longer;
    long least = fixed + 16 * (rows.rowBytes(longer) + extra * longer);
    long share = Math.max(least, Math.min(wanted, budget.largest()));
    try (Budget.Memory memory = budget.reserve(share)) {
      JpegVariant small =
          rows instanceof JpegRows jpeg ? plan.map(jpeg::alongside).orElse(null) : null;
      Fingerprint fingerprint =
          new Fingerprint(rows, orientation, share - besides, small == null, budget);
      Fingerprint.Result result = fingerprint.compute();
      Canvas seen =
          small != null
              ? small.pixels()
              : fingerprint
                  .small()
                  .map(picture -> Renderer.inSrgb(picture.canvas(), picture.model(), rows))
                  .orElseThrow();
      // An animation is more than its first frame, which is all that was looked at.
      Optional<Fingerprint.Result> still =
          header.frames() == 1 ? Optional.of(result) : Optional.empty();
      return Facts.of(Fact.FRAMES, header.frames())
          .with(Fact.ALPHA, result.alpha())
          .with(Fact.GRAPHIC, result.graphic())
          .with(Fact.PERCEPTUAL_HASH, result.hash())
          .withOptional(Fact.PIXEL_DIGEST, still.map(Fingerprint.Result::digest))
          .and(Placeholders.of(seen));
    }
  }
}
