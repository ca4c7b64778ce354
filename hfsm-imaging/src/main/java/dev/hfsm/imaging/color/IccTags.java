package dev.hfsm.imaging.color;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The header and tag table of a profile; each tag lies within the profile. */
final class IccTags {

  private static final int HEADER = 128;
  private static final int MAX_TAGS = 200;

  private final ByteBuffer in;
  private final byte[] bytes;
  private final int count;

  private IccTags(byte[] bytes, int count) {
    this.in = ByteBuffer.wrap(bytes);
    this.bytes = bytes;
    this.count = count;
  }

  static Optional<IccTags> of(byte[] icc) {
    if (icc.length < HEADER + 4) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(icc);
    long size = in.getInt(0) & 0xFFFFFFFFL;
    int version = icc[8];
    int count = in.getInt(HEADER);
    boolean sound =
        size <= icc.length
            && (version == 2 || version == 4)
            && text(icc, 36).equals("acsp")
            && count > 0
            && count <= MAX_TAGS
            && HEADER + 4 + 12L * count <= size;
    for (int i = 0; sound && i < count; i++) {
      long offset = in.getInt(HEADER + 8 + 12 * i) & 0xFFFFFFFFL;
      long length = in.getInt(HEADER + 12 + 12 * i) & 0xFFFFFFFFL;
      sound = offset >= HEADER && offset + length <= size;
    }
    return sound ? Optional.of(new IccTags(icc, count)) : Optional.empty();
  }

  private static String text(byte[] bytes, int at) {
    return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
  }

  String deviceClass() {
    return text(bytes, 12);
  }

  String space() {
    return text(bytes, 16);
  }

  String connectionSpace() {
    return text(bytes, 20);
  }

  boolean has(String name) {
    return tag(name) != null;
  }

  /** The tag from its type signature on; null if there is none. */
  @Nullable ByteBuffer tag(String name) {
    for (int i = 0; i < count; i++) {
      int entry = HEADER + 4 + 12 * i;
      if (text(bytes, entry).equals(name)) {
        return in.slice(in.getInt(entry + 4), in.getInt(entry + 8));
      }
    }
    return null;
  }

  /** A colorant; null if it is missing or broken. */
  double @Nullable [] xyz(String name) {
    ByteBuffer tag = tag(name);
    if (tag == null || tag.limit() < 20 || tag.getInt(0) != 0x58595A20) {
      return null;
    }
    return new double[] {
      tag.getInt(8) / 65536.0, tag.getInt(12) / 65536.0, tag.getInt(16) / 65536.0
    };
  }
}
