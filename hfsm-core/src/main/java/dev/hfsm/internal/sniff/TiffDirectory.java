package dev.hfsm.internal.sniff;

/** The first directory of a TIFF (TIFF 6.0, section 2), as far as it is in sight. */
final class TiffDirectory {

  private static final int ENTRY = 12;
  private static final int MAX_ENTRIES = 256;

  /** DNGVersion (DNG specification 1.7, chapter 4): in the first directory of every DNG. */
  private static final int DNG_VERSION = 50706;

  private TiffDirectory() {}

  static boolean isDng(Head h) {
    boolean little = h.at(0, 'I', 'I', 42, 0);
    if (!little && !h.at(0, 'M', 'M', 0, 42)) {
      return false;
    }
    long start = little ? h.little32(4) : h.big32(4);
    if (start < 8 || start > h.length()) {
      return false;
    }
    int count = Math.min(number(h, (int) start, little), MAX_ENTRIES);
    for (int i = 0; i < count; i++) {
      if (number(h, (int) start + 2 + i * ENTRY, little) == DNG_VERSION) {
        return true;
      }
    }
    return false;
  }

  /** A 16-bit number; negative if it is out of sight. */
  private static int number(Head h, int index, boolean little) {
    return little ? h.little16(index) : h.u8(index) << 8 | h.u8(index + 1);
  }
}
