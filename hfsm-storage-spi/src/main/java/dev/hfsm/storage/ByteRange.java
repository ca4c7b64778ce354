package dev.hfsm.storage;

/**
 * A run of bytes inside a blob. What lies beyond the blob's end is left out: a range may yield
 * fewer bytes than its length, or none.
 *
 * @param offset first byte, 0 or more
 * @param length number of bytes, 0 or more; {@link Long#MAX_VALUE} for "to the end"
 */
public record ByteRange(long offset, long length) {

  /** The whole blob. */
  public static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

  /** Refuses negative numbers. */
  public ByteRange {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "byte range: expected offset and length of 0 or more, found "
              + offset
              + " and "
              + length);
    }
  }

  /** From {@code offset} to the end. */
  public static ByteRange from(long offset) {
    return new ByteRange(offset, Long.MAX_VALUE);
  }

  /** What is left of it behind its first {@code known} bytes, of which it has that many or more. */
  public ByteRange after(long known) {
    return new ByteRange(
        offset + known, length == Long.MAX_VALUE ? Long.MAX_VALUE : length - known);
  }

  /** How many bytes of a blob of {@code size} bytes the range covers. */
  public long lengthIn(long size) {
    return Math.min(length, Math.max(0, size - offset));
  }
}
