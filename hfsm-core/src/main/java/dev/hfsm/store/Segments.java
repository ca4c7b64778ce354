package dev.hfsm.store;

/** Where segments of 64 KiB lie in an encrypted blob, and how long it is. */
final class Segments {

  static final int PLAIN = 1 << 16;
  static final int TAG = 16;
  static final int SEALED = PLAIN + TAG;

  /** The number of a segment has 32 bits. */
  static final long MAX = 1L << 32;

  private Segments() {}

  /** How many segments so many bytes take; even nothing takes one, which says that it is all. */
  static long count(long plain) {
    return plain == 0 ? 1 : (plain - 1) / PLAIN + 1;
  }

  static long sealedSize(long plain) {
    return Envelope.LENGTH + plain + TAG * count(plain);
  }

  static long countSealed(long stored) {
    long rest = Math.max(0, stored - Envelope.LENGTH);
    return rest / SEALED + (rest % SEALED == 0 ? 0 : 1);
  }

  /** How many bytes a blob of that size holds; of one that was cut off, as many as it seems to. */
  static long plainSize(long stored) {
    return Math.max(0, stored - Envelope.LENGTH - TAG * countSealed(stored));
  }

  /** Where segment {@code number} begins. */
  static long offset(long number) {
    return Envelope.LENGTH + number * SEALED;
  }
}
