package dev.hfsm.imaging;

import java.io.IOException;
import java.util.OptionalInt;

/** The pictures of an animation, one after another, each composed on the whole canvas. */
interface Frames {

  /** How many there are at most, at least 1. */
  int count();

  /** How often they are shown again, 0 for ever; empty to be shown once. */
  OptionalInt loops();

  /** Bytes that showing them takes. */
  long bytes();

  /** Shows the next; false after the last. */
  boolean next() throws IOException;

  /** What is seen, ARGB, not premultiplied; changed by the next call. */
  int[] canvas();

  /** How long it is seen, in milliseconds. */
  int millis();
}
