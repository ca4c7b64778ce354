package dev.hfsm.imaging;

import java.io.IOException;

/** Writes an animation from whole pictures. */
interface FrameWriter {

  /**
   * The next picture, with alpha.
   *
   * @param millis how long it is seen
   */
  void frame(Canvas canvas, int millis) throws IOException;

  /** Completes the file and returns it; there has to be a frame. */
  byte[] finish() throws IOException;
}
