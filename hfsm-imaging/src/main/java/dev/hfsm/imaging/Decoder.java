package dev.hfsm.imaging;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import org.jspecify.annotations.Nullable;

/** Decodes parts of the first frame of one file. Whatever a decoder throws comes out as it is. */
final class Decoder {

  private final Bytes in;
  private final Header header;
  private final Header.Encoded encoded;
  private final boolean bigTiff;
  private @Nullable Strip whole;
  private @Nullable Strip last;
  private @Nullable Rectangle lastPart;
  private boolean alreadyConverted;

  Decoder(Bytes in, Header header) throws Malformed {
    this.in = in;
    this.header = header;
    Header.Encoded present = header.encoded();
    if (present == null) {
      throw new Malformed("its kind of pixels is not supported");
    }
    this.encoded = present;
    this.bigTiff = encoded.codec() == Header.Codec.TIFF && (in.u16(2) == 43 || in.u16le(2) == 43);
  }

  /** Whether the decoder has already turned the samples into sRGB. */
  boolean alreadyConverted() {
    return alreadyConverted;
  }

  /** The part of the canvas that the frame covers, within {@code region}. */
  Rectangle covered(Rectangle region) {
    return region.intersection(encoded.frame());
  }

  /** Bytes needed to hold {@code rows} decoded rows of that width. */
  long rowBytes(int width) {
    return (long) encoded.bytesPerPixel() * width;
  }

  /** Bytes needed besides the rows. */
  long fixedBytes() {
    Rectangle frame = encoded.frame();
    long all = (long) frame.width() * frame.height() * encoded.bytesPerPixel();
    return (1 << 17) + encoded.overhead() + (encoded.banded() ? 0 : all);
  }

  boolean banded() {
    return encoded.banded();
  }

  /** Decodes a part of the canvas that lies wholly inside of the frame. */
  Strip decode(Rectangle region) throws IOException {
    Rectangle part = region.movedBy(-encoded.frame().x(), -encoded.frame().y());
    if (encoded.banded()) {
      Strip known = last;
      if (known != null && part.equals(lastPart)) {
        return known;
      }
      // Let go of the one before the next is made: memory was granted for one.
      last = null;
      Strip next = read(part);
      last = next;
      lastPart = part;
      return next;
    }
    Strip all = whole;
    if (all == null) {
      all = read(new Rectangle(encoded.frame().width(), encoded.frame().height()));
      whole = all;
    }
    return all.part(part);
  }

  private Strip read(Rectangle part) throws IOException {
    if (encoded.codec() == Header.Codec.PSD) {
      return PsdDecoder.decode(in, encoded.frame());
    }
    if (encoded.codec() == Header.Codec.TIFF_JPEG) {
      return TiffJpeg.decode(in, encoded.frame());
    }
    if (encoded.codec() == Header.Codec.ICON) {
      return Icon.decode(in);
    }
    ImageReader reader = reader();
    try (SplicedInput input = new SplicedInput(in, encoded.pieces())) {
      Watch watch = new Watch(in.budget());
      try {
        reader.addIIOReadWarningListener(watch);
        reader.addIIOReadProgressListener(watch);
        reader.setInput(input, false, encoded.codec() != Header.Codec.TIFF);
        Strip strip = read(reader, part);
        input.rethrowFailure();
        watch.check();
        return strip;
      } catch (IIOException e) {
        input.rethrowFailure();
        throw readable(e);
      } catch (IOException | RuntimeException | StackOverflowError e) {
        input.rethrowFailure();
        throw e;
      }
    } finally {
      reader.dispose();
    }
  }

  private ImageReader reader() throws IOException {
    return encoded.others() instanceof AllowedReaders allowed
        ? allowed.open(header.type())
        : Readers.of(encoded.codec(), bigTiff);
  }

  /** With the decoder's message if it was written for people. */
  static IOException readable(IIOException e) {
    String message = e.getMessage();
    return message != null && message.matches("\\p{Print}{8,200}") ? new Malformed(message) : e;
  }

  private Strip read(ImageReader reader, Rectangle part) throws IOException {
    int w = reader.getWidth(0);
    int h = reader.getHeight(0);
    if (w != encoded.frame().width() || h != encoded.frame().height()) {
      throw new Malformed(
          "its header says %d × %d pixels, its data %d × %d"
              .formatted(encoded.frame().width(), encoded.frame().height(), w, h));
    }
    ImageReadParam param = reader.getDefaultReadParam();
    if (encoded.banded() || part.width() != w || part.height() != h) {
      param.setSourceRegion(
          new java.awt.Rectangle(part.x(), part.y(), part.width(), part.height()));
    }
    if (encoded.codec() == Header.Codec.TIFF || encoded.codec() == Header.Codec.OTHER) {
      chooseType(reader, param);
    }
    BufferedImage image = reader.read(0, param);
    return Strip.of(image);
  }

  /**
   * The samples as they are if they are grey, RGB or inks, else what the decoder can make RGB of.
   */
  private void chooseType(ImageReader reader, ImageReadParam param) throws IOException {
    ImageTypeSpecifier raw = reader.getRawImageType(0);
    if (raw != null && isPlain(raw.getColorModel())) {
      return;
    }
    if (raw != null && Strip.isInks(raw.getColorModel())) {
      param.setDestinationType(raw);
      return;
    }
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    while (types.hasNext()) {
      ImageTypeSpecifier type = types.next();
      if (isPlain(type.getColorModel())) {
        param.setDestinationType(type);
        alreadyConverted = true;
        return;
      }
    }
  }

  private static boolean isPlain(ColorModel colors) {
    int space = colors.getColorSpace().getType();
    return space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_GRAY;
  }

  Header header() {
    return header;
  }
}
