package dev.hfsm.transform;

/** Mirroring. */
public enum Flip {
  NONE,
  /** Left and right change places. */
  HORIZONTAL,
  /** Top and bottom change places. */
  VERTICAL
}
