package dev.hfsm.custody;

/** Hears how far a migration is, on the thread that called for it. */
public interface MigrateListener {

  /** So much is to be copied; told again when more has come in meanwhile. */
  default void planned(long blobs, long bytes) {}

  /** One more blob was copied. */
  default void copied(long bytes) {}

  /** A blob could not be copied. */
  default void found(Finding finding) {}

  /** Hears nothing. */
  static MigrateListener none() {
    return new MigrateListener() {};
  }
}
