package dev.hfsm.transform;

/** What to do with the orientation a camera noted. */
public enum Orient {
  /** Turn the picture upright. */
  AUTO,
  /** Leave the pixels as they are stored. */
  OFF
}
