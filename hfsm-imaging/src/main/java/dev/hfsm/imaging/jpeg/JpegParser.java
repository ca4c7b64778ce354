package dev.hfsm.imaging.jpeg;

import dev.hfsm.imaging.jpeg.HuffmanTable.Kind;
import dev.hfsm.imaging.jpeg.JpegException.Reason;
import dev.hfsm.imaging.jpeg.ScanHeader.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the markers (T.81, annex B) and checks every number that decoding will rely on. Stops at
 * the data of a scan that holds everything, else goes on to the end of the picture.
 */
final class JpegParser {

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int MAX_BLOCKS_IN_MCU = 10;

  private final Window in;
  private final int maxScans;
  private final int[] @Nullable [] quantisation = new int[4][];
  private final byte[] @Nullable [] dc = new byte[4][];
  private final byte[] @Nullable [] ac = new byte[4][];
  private final List<JpegComponent> components = new ArrayList<>();
  private final List<ScanHeader> scans = new ArrayList<>();

  /** The tables of the components, as they were when each was first coded. */
  private final int[] @Nullable [] latched = new int[4][];

  private int interval;
  private boolean jfif;
  private int adobe = -1;
  private int width;
  private int height;
  private boolean progressive;

  private JpegParser(JpegInput in, int maxScans) {
    this.in = new Window(in);
    this.maxScans = maxScans;
  }

  /**
   * What was found.
   *
   * @param frame the headers
   * @param scans in the order of the file
   * @param tables the quantisation table of each component, in zigzag order
   */
  record Parsed(JpegFrame frame, List<ScanHeader> scans, List<int[]> tables) {}

  static Parsed parse(JpegInput in, int maxScans) throws JpegException {
    return new JpegParser(in, maxScans).walk();
  }

  private Parsed walk() throws JpegException {
    if (in.size() < 2 || in.u16(0) != (0xFF00 | SOI)) {
      throw JpegException.corrupt("it does not start as a JPEG");
    }
    long at = 2;
    boolean ended = false;
    while (!ended && !complete() && (at = in.marker(at)) >= 0) {
      int marker = in.u8(at + 1);
      ended = marker == EOI;
      boolean bare = marker == 0x01 || marker >= 0xD0 && marker <= EOI;
      at = bare ? at + 2 : segment(at, marker);
    }
    check(ended);
    JpegFrame frame =
        new JpegFrame(width, height, components, progressive, scans.size(), color(), adobe >= 0);
    List<int[]> tables = Arrays.asList(Arrays.copyOf(latched, components.size()));
    return new Parsed(frame, List.copyOf(scans), List.copyOf(tables));
  }

  /** Whether nothing that comes can matter. */
  private boolean complete() {
    return !progressive && !scans.isEmpty() && missing() < 0;
  }

  /** A component that no scan holds, or -1. */
  private int missing() {
    for (int c = 0; c < components.size(); c++) {
      if (latched[c] == null) {
        return c;
      }
    }
    return -1;
  }

  private void check(boolean ended) throws JpegException {
    if (components.isEmpty() || scans.isEmpty()) {
      throw ended
          ? JpegException.corrupt("it holds no picture")
          : JpegException.truncated("truncated: the file ends before the picture");
    }
    if (!ended && !complete()) {
      throw JpegException.truncated("truncated: the last scans are missing");
    }
    int missing = missing();
    if (missing >= 0) {
      throw JpegException.corrupt("component %d of it is in no scan".formatted(missing + 1));
    }
  }

  private JpegColor color() {
    if (components.size() == 1) {
      return JpegColor.GREY;
    }
    if (components.size() == 4) {
      return adobe > 0 ? JpegColor.YCCK : JpegColor.CMYK;
    }
    boolean rgb =
        adobe == 0
            || adobe < 0
                && components.get(0).id() == 'R'
                && components.get(1).id() == 'G'
                && components.get(2).id() == 'B';
    return rgb && !jfif ? JpegColor.RGB : JpegColor.YCBCR;
  }

  /** Reads a segment; returns where the next begins. */
  private long segment(long at, int marker) throws JpegException {
    if (at + 4 > in.size()) {
      throw JpegException.truncated("truncated: the file ends within a marker");
    }
    int length = in.u16(at + 2);
    long end = at + 2 + length;
    if (length < 2) {
      throw JpegException.corrupt(
          "segment %02X at byte %d is %d bytes long; expected at least 2"
              .formatted(marker, at, length));
    }
    if (end > in.size()) {
      throw JpegException.truncated(
          "truncated: segment %02X at byte %d ends at %d, the file at %d"
              .formatted(marker, at, end, in.size()));
    }
    long body = at + 4;
    int size = length - 2;
    switch (marker) {
      case 0xC4 -> huffman(body, end);
      case 0xC8, 0xCC -> {}
      case 0xDB -> quantisation(body, end);
      case 0xDD -> interval = size == 2 ? in.u16(body) : wrong("restart interval", size, 2);
      case 0xE0 -> jfif |= size >= 14 && has(body, "JFIF\0");
      case 0xEE -> adobe = size >= 12 && has(body, "Adobe") ? in.u8(body + 11) : adobe;
      case SOS -> scan(body, end);
      case 0xDE, 0xDF ->
          throw new JpegException(Reason.HIERARCHICAL, "hierarchical JPEG is not supported");
      case 0xF7 -> throw new JpegException(Reason.LOSSLESS, "lossless JPEG is not supported");
      default -> {
        if ((marker & 0xF0) == 0xC0) {
          frame(marker, body, size);
        }
      }
    }
    return end;
  }

  private static int wrong(String what, int found, int expected) throws JpegException {
    throw JpegException.corrupt(
        "the %s is %d bytes long; expected %d".formatted(what, found, expected));
  }

  private boolean has(long at, String ascii) throws JpegException {
    for (int i = 0; i < ascii.length(); i++) {
      if (in.u8(at + i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void quantisation(long body, long end) throws JpegException {
    long at = body;
    while (at < end) {
      int head = in.u8(at);
      int wide = head >> 4;
      int number = head & 15;
      long next = at + 1 + (wide == 0 ? 64 : 128);
      if (wide > 1 || number > 3 || next > end) {
        throw JpegException.corrupt(
            "a quantisation table has precision %d, number %d, and %d bytes"
                .formatted(wide, number, end - at - 1));
      }
      int[] table = new int[64];
      for (int k = 0; k < 64; k++) {
        table[k] = wide == 0 ? in.u8(at + 1 + k) : in.u16(at + 1 + 2L * k);
      }
      quantisation[number] = table;
      at = next;
    }
  }

  private void huffman(long body, long end) throws JpegException {
    long at = body;
    while (at < end) {
      int head = in.u8(at);
      int count = 0;
      for (int i = 1; at + 16 < end && i <= 16; i++) {
        count += in.u8(at + i);
      }
      long next = at + 17 + count;
      if ((head & 0xEF) > 3 || count > 256 || next > end) {
        throw JpegException.corrupt(
            "Huffman table %02X has %d codes and %d bytes".formatted(head, count, end - at - 1));
      }
      byte[] spec = in.copy(at + 1, 16 + count);
      if (head < 16) {
        dc[head] = spec;
      } else {
        ac[head & 15] = spec;
      }
      at = next;
    }
  }

  private void frame(int marker, long body, int size) throws JpegException {
    switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> progressive = marker == 0xC2;
      case 0xC3, 0xCB -> throw new JpegException(Reason.LOSSLESS, "lossless JPEG is not supported");
      case 0xC9, 0xCA ->
          throw new JpegException(Reason.ARITHMETIC, "arithmetic-coded JPEG is not supported");
      default -> throw new JpegException(Reason.HIERARCHICAL, "hierarchical JPEG is not supported");
    }
    if (!components.isEmpty()) {
      throw JpegException.corrupt("it has more than one frame");
    }
    if (size < 6) {
      wrong("frame header", size, 9);
    }
    int precision = in.u8(body);
    if (precision != 8) {
      throw new JpegException(Reason.PRECISION, precision + "-bit JPEG is not supported");
    }
    height = in.u16(body + 1);
    width = in.u16(body + 3);
    if (width == 0 || height == 0) {
      throw JpegException.corrupt("it is %d × %d pixels".formatted(width, height));
    }
    int count = in.u8(body + 5);
    if (size != 6 + 3 * count) {
      wrong("frame header", size, 6 + 3 * count);
    }
    if (count != 1 && count != 3 && count != 4) {
      throw new JpegException(Reason.COMPONENTS, "it has " + count + " colour components");
    }
    for (int c = 0; c < count; c++) {
      components.add(component(body + 6 + 3L * c));
    }
  }

  private JpegComponent component(long at) throws JpegException {
    int across = in.u8(at + 1) >> 4;
    int down = in.u8(at + 1) & 15;
    int table = in.u8(at + 2);
    if (across < 1 || across > 4 || down < 1 || down > 4 || table > 3) {
      throw JpegException.corrupt(
          "a component has sampling factors %d × %d, expected 1 to 4, and table %d, expected 0 to 3"
              .formatted(across, down, table));
    }
    return new JpegComponent(in.u8(at), across, down, table);
  }

  private void scan(long body, long end) throws JpegException {
    if (components.isEmpty()) {
      throw JpegException.corrupt("it has a scan before the frame");
    }
    if (scans.size() >= maxScans) {
      throw new JpegException(
          Reason.SCANS, "it has more than %d scans, which are not accepted".formatted(maxScans));
    }
    int size = (int) (end - body);
    int count = size < 1 ? 0 : in.u8(body);
    if (count < 1 || count > components.size() || size != 4 + 2 * count) {
      throw JpegException.corrupt(
          "a scan header has %d components and %d bytes".formatted(count, size));
    }
    long tail = body + 1 + 2L * count;
    int first = progressive ? in.u8(tail) : 0;
    int last = progressive ? in.u8(tail + 1) : 63;
    int high = progressive ? in.u8(tail + 2) >> 4 : 0;
    int low = progressive ? in.u8(tail + 2) & 15 : 0;
    boolean band = first == 0 ? last == 0 : count == 1 && last >= first && last <= 63;
    if (progressive && (!band || low > 13 || high != 0 && low != high - 1)) {
      throw JpegException.corrupt(
          "a scan of %d components has coefficients %d to %d and bits %d to %d"
              .formatted(count, first, last, high, low));
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(part(body + 1 + 2L * i, parts, first, high));
    }
    mcu(parts);
    scans.add(new ScanHeader(parts, first, last, high, low, interval, end));
  }

  private static boolean holds(List<Part> parts, int component) {
    return parts.stream().anyMatch(p -> p.component() == component);
  }

  private Part part(long at, List<Part> before, int first, int high) throws JpegException {
    int id = in.u8(at);
    int numbers = in.u8(at + 1);
    int component = 0;
    while (component < components.size()
        && (components.get(component).id() != id || holds(before, component))) {
      component++;
    }
    if (component == components.size()) {
      throw JpegException.corrupt("a scan has component %d, the frame has not".formatted(id));
    }
    if (latched[component] == null) {
      int table = components.get(component).table();
      int[] found = quantisation[table];
      if (found == null) {
        throw JpegException.corrupt("quantisation table %d is missing".formatted(table));
      }
      latched[component] = found;
    } else if (!progressive) {
      throw JpegException.corrupt("component %d is coded twice".formatted(component + 1));
    }
    boolean needsDc = first == 0 && high == 0;
    boolean needsAc = first > 0 || !progressive;
    Kind kind = progressive ? Kind.PROGRESSIVE_AC : Kind.AC;
    return new Part(
        component,
        needsDc ? table(Kind.DC, dc, numbers >> 4) : null,
        needsAc ? table(kind, ac, numbers & 15) : null);
  }

  private static HuffmanTable table(Kind kind, byte[] @Nullable [] specs, int number)
      throws JpegException {
    byte[] spec = number > 3 ? null : specs[number];
    if (spec == null) {
      throw JpegException.corrupt(
          "Huffman table %d for %s is missing"
              .formatted(number, kind == Kind.DC ? "differences" : "coefficients"));
    }
    return HuffmanTable.of(kind, spec);
  }

  private void mcu(List<Part> parts) throws JpegException {
    int blocks = 0;
    for (Part part : parts) {
      JpegComponent c = components.get(part.component());
      blocks += c.across() * c.down();
    }
    if (parts.size() > 1 && blocks > MAX_BLOCKS_IN_MCU) {
      throw JpegException.corrupt(
          "an MCU has %d blocks; expected at most %d".formatted(blocks, MAX_BLOCKS_IN_MCU));
    }
  }
}
