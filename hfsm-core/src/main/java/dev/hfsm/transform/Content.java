package dev.hfsm.transform;

/** What kind of picture it is, as far as its encoding is concerned. */
public enum Content {
  /** Many colours: small when some detail is given up. */
  PHOTO,
  /** Few colours and hard edges, as of a logo or a diagram: small and exact without loss. */
  GRAPHIC
}
