package dev.hfsm.model;

/**
 * A place in a keyset scan: the scan goes on strictly after it. Opaque to everyone but the adapter
 * that made it; it stays valid when what it points at is gone.
 *
 * @param after empty for the start
 */
public record Cursor(String after) {

  /** Before everything. */
  public static final Cursor START = new Cursor("");
}
