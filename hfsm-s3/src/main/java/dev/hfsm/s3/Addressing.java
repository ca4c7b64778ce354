package dev.hfsm.s3;

/** Where a request says which bucket it means. */
public enum Addressing {
  /** In the host name, as AWS wants it. */
  VIRTUAL_HOST,
  /** In the path, as most servers of one's own want it. */
  PATH
}
