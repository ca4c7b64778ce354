package dev.hfsm.imaging;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
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
  private static final int DQT = 0xDB;
  private static final int DHT = 0xC4;
  private static final int DRI = 0xDD;

  private final Bytes in;
  private final Limits limits;
  private final List<Piece> pieces = new ArrayList<>();
  private final Map<Integer, byte[]> icc = new TreeMap<>();
  private int iccCount;
  private long iccBytes;
  private byte @Nullable [] exif;
  private boolean jfif;
  private int adobeTransform = -1;
  private int scans;
  private int width;
  private int height;
  private int components;
  private int[] ids = {};
  private boolean progressive;

  /** Of the whole picture; the decoder keeps those of a progressive one. */
  private long coefficients;

  private final boolean toTheEnd;

  private JpegHeader(Bytes in, Limits limits, boolean toTheEnd) {
    this.in = in;
    this.limits = limits;
    this.toTheEnd = toTheEnd;
  }

  static Header read(Bytes in, Limits limits) throws Malformed {
    return new JpegHeader(in, limits, true).walk();
  }

  /**
   * What stands before the first scan, for whom decodes with {@link
   * dev.hfsm.imaging.jpeg.JpegDecoder}; what it says of the encoded pixels is not complete.
   */
  static Header beginning(Bytes in, Limits limits) throws Malformed {
    return new JpegHeader(in, limits, false).walk();
  }

  private Header walk() throws Malformed {
    if (in.u8(0) != 0xFF || in.u8(1) != SOI) {
      throw new Malformed("it does not start as a JPEG");
    }
    pieces.add(Piece.literal(0xFF, SOI));
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
        ended = marker == SOS && !toTheEnd;
      }
    }
    if (components == 0 || scans == 0) {
      throw new Malformed("it holds no picture");
    }
    if (!ended && progressive) {
      throw new Malformed("truncated JPEG: the last scans are missing");
    }
    pieces.add(Piece.literal(0xFF, EOI));
    return header();
  }

  private Header header() throws Malformed {
    Header.Encoded encoded =
        new Header.Encoded(
            Header.Codec.JPEG,
            List.copyOf(pieces),
            new Rectangle(width, height),
            samples(),
            components,
            progressive ? 2 * coefficients : 0,
            true);
    return new Header(MediaType.JPEG, width, height, 1, 0, exif, profile(), encoded);
  }

  private Header.Samples samples() throws Malformed {
    switch (components) {
      case 1:
        return Header.Samples.AS_DECODED;
      case 3:
        boolean rgb =
            !jfif
                && (adobeTransform == 0
                    || adobeTransform < 0 && ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B');
        return rgb ? Header.Samples.AS_DECODED : Header.Samples.YCBCR;
      case 4:
        return adobeTransform == 2 ? Header.Samples.YCCK_INVERTED : Header.Samples.CMYK_INVERTED;
      default:
        throw new Malformed("it has " + components + " colour components");
    }
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
      return scan(at, end);
    }
    if (marker >= 0xC0 && marker <= 0xCF && marker != DHT && marker != 0xC8 && marker != 0xCC) {
      frame(marker, body, size);
    } else if (marker == 0xE0) {
      jfif |= in.has(body, "JFIF\0");
    } else if (marker == 0xE1) {
      if (exif == null && size > 6 && size <= limits.maxMetadataBytes() && in.has(body, "Exif\0")) {
        exif = in.copy(body + 6, size - 6);
      }
    } else if (marker == 0xE2) {
      profilePart(body, size);
    } else if (marker == 0xEE && size >= 12 && in.has(body, "Adobe")) {
      adobeTransform = in.u8(body + 11);
    }
    if (marker == DQT || marker == DHT || marker == DRI || (marker & 0xF0) == 0xC0) {
      pieces.add(new Piece.Range(at, end - at));
    }
    return end;
  }

  private void frame(int marker, long body, int size) throws Malformed {
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> progressive = marker == 0xC2;
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
    ids = new int[components];
    int across = 1;
    int down = 1;
    for (int i = 0; i < components; i++) {
      ids[i] = in.u8(body + 6 + 3 * i);
      across = Math.max(across, in.u8(body + 7 + 3 * i) >> 4);
      down = Math.max(down, in.u8(body + 7 + 3 * i) & 15);
    }
    for (int i = 0; i < components; i++) {
      int sampling = in.u8(body + 7 + 3 * i);
      long w = (width + 63L) * (sampling >> 4) / across;
      long h = (height + 63L) * (sampling & 15) / down;
      coefficients += w * h;
    }
  }

  private long scan(long at, long dataStart) throws Malformed {
    if (components == 0) {
      throw new Malformed("a scan comes before the frame header");
    }
    if (!toTheEnd) {
      scans = 1;
      return dataStart;
    }
    if (++scans > limits.maxScans()) {
      throw new RejectedMediaException(
          "progressive JPEG with more than " + limits.maxScans() + " scans");
    }
    long p = dataStart;
    while ((p = nextMarker(p)) >= 0) {
      int marker = in.u8(p + 1);
      if (marker < 0xD0 || marker > 0xD7) {
        break;
      }
      p += 2;
    }
    long end = p < 0 ? in.size() : p;
    pieces.add(new Piece.Range(at, end - at));
    return end;
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
