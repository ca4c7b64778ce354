package dev.hfsm.imaging;

/** Numbers in the byte order that the first two bytes of a TIFF name. */
record TiffWords(Bytes in, boolean little) {

  /** Those of a file that begins with {@code II}, or else with {@code MM}. */
  static TiffWords of(Bytes in) throws Malformed {
    return new TiffWords(in, in.has(0, "II"));
  }

  int u16(long at) throws Malformed {
    return little ? in.u16le(at) : in.u16(at);
  }

  long u32(long at) throws Malformed {
    return little ? in.u32le(at) : in.u32(at);
  }

  /** A position of BigTIFF. */
  long u64(long at) throws Malformed {
    long value = little ? u32(at + 4) << 32 | u32(at) : u32(at) << 32 | u32(at + 4);
    if (value < 0) {
      throw new Malformed("a position in it is beyond the file");
    }
    return value;
  }
}
