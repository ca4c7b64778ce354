package dev.hfsm.imaging;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks the markers of a JPEG (ITU-T T.81, annex B) to its end without decoding: finds the frame,
 * counts the scans, collects EXIF and the ICC profile, and keeps for the decoder only what decoding
 * needs. What the samples mean is decided here as libjpeg decides it.
 */
final class JpegHeader {

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DHT = 0xC4;

  private final Bytes in;
  private final Limits limits;
  private final Map<Integer, byte[]> icc = new TreeMap<>();
  private int iccCount;
  private long iccBytes;
  private byte @Nullable [] exif;
  private int scans;
  private int width;
  private int height;
  private int components;

  private JpegHeader(Bytes in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  static Header read(Bytes in, Limits limits) throws Malformed {
    return new JpegHeader(in, limits).walk();
  }

  private Header walk() throws Malformed {
    if (in.u8(0) != 0xFF || in.u8(1) != SOI) {
      throw new Malformed("it does not start as a JPEG");
    }
    long at = 2;
    boolean ended = false;
    while (!ended && (at = nextMarker(at)) >= 0) {
      int marker = in.u8(at + 1);
      if (marker == EOI) {
        ended = true;
      } else if (marker == 0x01 || (marker >= 0xD0 && marker <= SOI)) {
        at += 2;
      } else {
        at = segment(at, marker);
        ended = marker == SOS;
      }
    }
    if (components == 0 || scans == 0) {
      throw new Malformed("it holds no picture");
    }
    return header();
  }

  private Header header() throws Malformed {
    Header.Encoded encoded =
        new Header.Encoded(
            Header.Codec.JPEG, List.of(), new Rectangle(width, height), components, 0, true);
    return new Header(MediaType.JPEG, width, height, 1, 0, exif, profile(), encoded);
  }

  /** The position of the next marker at or after {@code at}, or -1 at the end of the file. */
  private long nextMarker(long at) throws Malformed {
    long size = in.size();
    long p = at;
    while (p + 1 < size) {
      if (in.u8(p) == 0xFF) {
        int next = in.u8(p + 1);
        if (next != 0 && next != 0xFF) {
          return p;
        }
      }
      p++;
    }
    return -1;
  }

  private long segment(long at, int marker) throws Malformed {
    int length = in.u16(at + 2);
    long end = at + 2 + length;
    if (length < 2 || end > in.size()) {
      if (marker >= 0xE0 || components == 0) {
        throw new Malformed("a segment is longer than the file");
      }
      throw new Malformed("the file is truncated");
    }
    long body = at + 4;
    int size = length - 2;
    if (marker == SOS) {
      return scan(end);
    }
    if (marker >= 0xC0 && marker <= 0xCF && marker != DHT && marker != 0xC8 && marker != 0xCC) {
      frame(marker, body, size);
    } else if (marker == 0xE1) {
      if (exif == null && size > 6 && size <= limits.maxMetadataBytes() && in.has(body, "Exif\0")) {
        exif = in.copy(body + 6, size - 6);
      }
    } else if (marker == 0xE2) {
      profilePart(body, size);
    }
    return end;
  }

  private void frame(int marker, long body, int size) throws Malformed {
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> {}
      case 0xC3 -> throw new RejectedMediaException("lossless JPEG is not supported");
      case 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF ->
          throw new RejectedMediaException("arithmetic-coded JPEG is not supported");
      default -> throw new RejectedMediaException("hierarchical JPEG is not supported");
    }
    if (components != 0) {
      throw new Malformed("it has more than one frame");
    }
    if (size < 6) {
      throw new Malformed("the frame header is too short");
    }
    int precision = in.u8(body);
    if (precision != 8) {
      throw new RejectedMediaException(precision + "-bit JPEG is not supported");
    }
    height = in.u16(body + 1);
    width = in.u16(body + 3);
    components = in.u8(body + 5);
    if (width == 0 || height == 0) {
      throw new Malformed("it is " + width + " × " + height + " pixels");
    }
    if (components == 0 || size < 6 + 3 * components) {
      throw new Malformed("the frame header is too short");
    }
  }

  private long scan(long dataStart) throws Malformed {
    if (components == 0) {
      throw new Malformed("a scan comes before the frame header");
    }
    scans = 1;
    return dataStart;
  }

  private void profilePart(long body, int size) throws Malformed {
    if (size < 14 || !in.has(body, "ICC_PROFILE\0")) {
      return;
    }
    iccBytes += size - 14;
    if (iccBytes <= limits.maxMetadataBytes()) {
      iccCount = in.u8(body + 13);
      icc.putIfAbsent(in.u8(body + 12), in.copy(body + 14, size - 14));
    }
  }

  private byte @Nullable [] profile() {
    if (icc.isEmpty() || icc.size() != iccCount || iccBytes > limits.maxMetadataBytes()) {
      return null;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    int expected = 1;
    for (Map.Entry<Integer, byte[]> part : icc.entrySet()) {
      if (part.getKey() != expected++) {
        return null;
      }
      whole.writeBytes(part.getValue());
    }
    return whole.toByteArray();
  }
}
