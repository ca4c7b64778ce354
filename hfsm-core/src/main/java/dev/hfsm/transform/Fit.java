package dev.hfsm.transform;

/** How a picture meets the box it is to fit. */
public enum Fit {
  /** As large as fits inside the box, proportions kept; never enlarged unless asked for. */
  INSIDE,
  /** Fills the box, proportions kept; what sticks out is cut off where gravity says. */
  COVER,
  /** As large as fits inside the box, proportions kept; the rest of the box is background. */
  CONTAIN,
  /** Stretched to the box. */
  FILL
}
