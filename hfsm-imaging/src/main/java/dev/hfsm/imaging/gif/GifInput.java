package dev.hfsm.imaging.gif;

/** The bytes of one file, which must not change while they are decoded. */
public interface GifInput {

  /** The length in bytes. */
  long size();

  /**
   * Reads some bytes.
   *
   * @param at where in the file, less than {@link #size()}
   * @param into where to put them
   * @param length how many at most
   * @return how many, at least 1
   */
  int read(long at, byte[] into, int length);
}
