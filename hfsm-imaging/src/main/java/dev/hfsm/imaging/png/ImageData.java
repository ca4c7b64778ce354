package dev.hfsm.imaging.png;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The expanded contents of all IDAT chunks, of which the first has been begun. Compressed bytes are
 * read ahead a little; what is wrong with those that turn out not to be needed is no matter.
 */
final class ImageData {

  private final Chunks chunks;
  private final Inflate inflate = new Inflate(this::read);

  /** How much was read of the chunk that was begun last, and whether that was found sound. */
  private long begun;

  private boolean sound;
  private @Nullable PngException failure;

  ImageData(Chunks chunks) {
    this.chunks = chunks;
  }

  void fully(byte[] into, int at, int length) throws IOException {
    try {
      inflate.fully(into, at, length);
    } catch (PngException e) {
      throw failure == null ? e : failure;
    }
  }

  private int read(byte[] into, int at, int length) throws IOException {
    try {
      while (chunks.left() == 0) {
        chunks.endChecked();
        sound = true;
        chunks.next();
        if (!chunks.name().equals("IDAT")) {
          throw PngException.malformed("its data end too early");
        }
        sound = false;
        begun = 0;
      }
      int n = chunks.read(into, at, length);
      begun += n;
      return n;
    } catch (PngException e) {
      failure = e;
      return 0;
    }
  }

  /** The chunk in which the picture became complete has to be sound to its end. */
  void end() throws IOException {
    boolean needed = inflate.unused() < begun && !sound;
    if (needed && failure != null) {
      throw failure;
    }
    if (needed) {
      chunks.endChecked();
    }
  }
}
