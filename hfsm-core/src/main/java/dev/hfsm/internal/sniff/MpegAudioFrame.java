package dev.hfsm.internal.sniff;

/**
 * Headers of MPEG audio frames: versions 1, 2 and 2.5, layers II and III. Layer I is left out: the
 * byte order mark of UTF-16 text reads as one of its headers.
 */
final class MpegAudioFrame {

  private static final int[] V1_L2 = {
    0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384
  };
  private static final int[] V1_L3 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] V2_L23 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };
  private static final int[] RATES = {44_100, 48_000, 32_000};

  private MpegAudioFrame() {}

  /** Bytes of the frame whose header stands at {@code index}, or 0 if none does. */
  static int sizeAt(Head head, int index) {
    int b1 = head.u8(index + 1);
    int b2 = head.u8(index + 2);
    if (head.u8(index) != 0xff || b1 < 0 || b2 < 0 || (b1 & 0xe0) != 0xe0) {
      return 0;
    }
    int version = b1 >> 3 & 3;
    int layer = 4 - (b1 >> 1 & 3);
    int bitRate = b2 >> 4;
    int rate = b2 >> 2 & 3;
    if (version == 1 || layer == 4 || layer == 1 || bitRate == 0 || bitRate == 15 || rate == 3) {
      return 0;
    }
    boolean first = version == 3;
    int hertz = RATES[rate] >> (first ? 0 : version == 2 ? 1 : 2);
    int bits = 1000 * table(first, layer)[bitRate];
    int padding = b2 >> 1 & 1;
    return (layer == 3 && !first ? 72 : 144) * bits / hertz + padding;
  }

  private static int[] table(boolean first, int layer) {
    if (!first) {
      return V2_L23;
    }
    return layer == 2 ? V1_L2 : V1_L3;
  }
}
