package dev.hfsm.imaging;

import dev.hfsm.transform.Transformation;
import java.io.IOException;

/**
 * What is wanted of one pass through a picture, and what becomes of its pixels then.
 *
 * @param <T> what comes out
 */
interface Job<T> {

  /** What the pass does: everything up to sharpening. */
  Transformation recipe();

  /** Told the size of the pass's result, before memory is granted for it; may refuse it. */
  default void prepare(int width, int height) throws IOException {}

  /** Bytes that is taken besides a finished picture of that size. */
  long bytes(int width, int height);

  /** Whether a file will do that was written while the picture was decoded. */
  default boolean direct() {
    return false;
  }

  /** Of such a file; called only if it will do. */
  default T of(byte[] file, int width, int height) {
    throw new IllegalStateException("expected pixels, found a file");
  }

  /** Of the finished picture. */
  T of(Canvas finished, Tags tags) throws IOException;
}
