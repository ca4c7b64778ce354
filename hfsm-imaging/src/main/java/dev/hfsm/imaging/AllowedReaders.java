package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/** The ImageIO readers that a host has allowed, by the types it has allowed them for. */
final class AllowedReaders implements OtherReaders {

  /** What a pixel may take in the reader's picture: four samples of 16 bits. */
  private static final int BYTES_PER_PIXEL = 8;

  private final Map<MediaType, ImageReaderSpi> readers;

  AllowedReaders(Map<MediaType, ImageReaderSpi> readers) {
    this.readers = Map.copyOf(readers);
  }

  @Override
  public Set<MediaType> types() {
    return readers.keySet();
  }

  /** Asks the reader for the size and for nothing else. */
  @Override
  public Header header(Bytes in, MediaType type) throws IOException {
    ImageReaderSpi spi = readers.get(type);
    if (spi == null) {
      throw new IllegalArgumentException("no reader was allowed for " + type);
    }
    List<Piece> whole = List.of(new Piece.Range(0, in.size()));
    ImageReader reader = spi.createReaderInstance();
    try (SplicedInput input = new SplicedInput(in, whole)) {
      try {
        reader.setInput(input, false, true);
        return header(type, whole, reader.getWidth(0), reader.getHeight(0));
      } catch (IIOException e) {
        input.rethrowFailure();
        throw Decoder.readable(e);
      } catch (IOException | RuntimeException | StackOverflowError e) {
        input.rethrowFailure();
        throw e;
      }
    } finally {
      reader.dispose();
    }
  }

  private Header header(MediaType type, List<Piece> whole, int width, int height) throws Malformed {
    if (width <= 0 || height <= 0) {
      throw new Malformed("it is " + width + " × " + height + " pixels");
    }
    Header.Encoded encoded =
        new Header.Encoded(
            Header.Codec.OTHER,
            whole,
            new Rectangle(width, height),
            BYTES_PER_PIXEL,
            (long) BYTES_PER_PIXEL * width * height,
            false,
            this);
    return new Header(type, width, height, 1, 0, null, null, encoded);
  }

  ImageReader open(MediaType type) throws IOException {
    ImageReaderSpi spi = readers.get(type);
    if (spi == null) {
      throw new IllegalArgumentException("no reader was allowed for " + type);
    }
    return spi.createReaderInstance();
  }
}
