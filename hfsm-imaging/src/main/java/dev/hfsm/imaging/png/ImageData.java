package dev.hfsm.imaging.png;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The expanded contents of all IDAT chunks, of which the first has been begun. */
final class ImageData implements AutoCloseable {

  private static final int BLOCK = 1 << 14;

  private final Chunks chunks;
  private final Inflater inflater = new Inflater();
  private final byte[] block = new byte[BLOCK];

  ImageData(Chunks chunks) {
    this.chunks = chunks;
  }

  void fully(byte[] into, int at, int length) throws IOException {
    int done = 0;
    try {
      while (done < length) {
        int n = inflater.inflate(into, at + done, length - done);
        done += n;
        if (n == 0) {
          more();
        }
      }
    } catch (DataFormatException e) {
      throw PngException.malformed("its data are corrupt");
    }
  }

  private void more() throws IOException {
    if (inflater.finished() || inflater.needsDictionary()) {
      throw PngException.malformed("its data end too early");
    }
    while (chunks.left() == 0) {
      chunks.endChecked();
      chunks.next();
      if (!chunks.name().equals("IDAT")) {
        throw PngException.malformed("its data end too early");
      }
    }
    inflater.setInput(block, 0, chunks.read(block, BLOCK));
  }

  /** The chunk in which the picture became complete has to be sound to its end. */
  void end() throws IOException {
    chunks.endChecked();
  }

  @Override
  public void close() {
    inflater.end();
  }
}
