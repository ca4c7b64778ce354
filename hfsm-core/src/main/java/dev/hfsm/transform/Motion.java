package dev.hfsm.transform;

/** Whether a picture moves. */
public enum Motion {
  /** One frame, or pages that are pictures of their own. */
  STILL,
  /** Several frames, one after another. */
  ANIMATED
}
