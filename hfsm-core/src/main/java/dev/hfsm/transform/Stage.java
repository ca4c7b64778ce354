package dev.hfsm.transform;

/** What of a transformation a transformer may tell the time of, see {@link Budget#took}. */
public enum Stage {
  /** Getting the source's pixels, or whatever it is made of, out of its file. */
  DECODE,
  /** Writing what was made of it in the variant's format. */
  ENCODE
}
