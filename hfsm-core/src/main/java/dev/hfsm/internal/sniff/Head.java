package dev.hfsm.internal.sniff;

import java.nio.charset.StandardCharsets;

/**
 * The first bytes of some content. Looking behind their end finds nothing.
 *
 * @param bytes not copied, not changed
 * @param length how many of them count
 */
record Head(byte[] bytes, int length) {

  int u8(int index) {
    return index < length ? bytes[index] & 0xff : -1;
  }

  boolean at(int index, int... values) {
    for (int i = 0; i < values.length; i++) {
      if (u8(index + i) != values[i]) {
        return false;
      }
    }
    return true;
  }

  boolean at(int index, byte[] values) {
    for (int i = 0; i < values.length; i++) {
      if (u8(index + i) != (values[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  boolean at(int index, String ascii) {
    return at(index, ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Where {@code ascii} starts within the first {@code limit} bytes, or -1. */
  int indexOf(String ascii, int limit) {
    for (int i = 0; i < Math.min(limit, length); i++) {
      if (at(i, ascii)) {
        return i;
      }
    }
    return -1;
  }

  int little16(int index) {
    return u8(index) | u8(index + 1) << 8;
  }

  long little32(int index) {
    return little16(index) | (long) little16(index + 2) << 16;
  }

  long big32(int index) {
    return (long) u8(index) << 24 | u8(index + 1) << 16 | u8(index + 2) << 8 | u8(index + 3);
  }

  boolean riff(String form) {
    return at(0, "RIFF") && at(8, form);
  }

  boolean isEbml() {
    return at(0, 0x1a, 0x45, 0xdf, 0xa3);
  }

  boolean looksLikeMarkup() {
    int i = at(0, 0xef, 0xbb, 0xbf) ? 3 : 0;
    while (u8(i) == ' ' || u8(i) == '\t' || u8(i) == '\r' || u8(i) == '\n') {
      i++;
    }
    return u8(i) == '<';
  }

  /**
   * Whether an MPEG audio frame (ISO 11172-3, 13818-3) starts here, none of its fields is reserved,
   * and another frame of the same kind follows where the first one ends, if that is in sight.
   */
  boolean isMpegAudio() {
    int size = MpegAudioFrame.sizeAt(this, 0);
    return size > 0 && (size + 4 > length || MpegAudioFrame.sizeAt(this, size) > 0);
  }
}
