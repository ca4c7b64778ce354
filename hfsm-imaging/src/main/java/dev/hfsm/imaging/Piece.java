package dev.hfsm.imaging;

/** A part of what a decoder gets to see: a range of the file, or bytes we put in its place. */
sealed interface Piece {

  long length();

  /** {@code length} bytes of the file from {@code offset}. */
  record Range(long offset, long length) implements Piece {}

  /** Bytes of ours. */
  record Literal(byte[] bytes) implements Piece {
    @Override
    public long length() {
      return bytes.length;
    }
  }

  static Piece literal(int... bytes) {
    byte[] copy = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      copy[i] = (byte) bytes[i];
    }
    return new Literal(copy);
  }
}
