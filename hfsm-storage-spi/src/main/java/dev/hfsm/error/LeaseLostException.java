package dev.hfsm.error;

/**
 * Work was finished under a lease that is no longer held: it expired, was reaped, or the work is
 * gone. Nothing was written.
 */
public final class LeaseLostException extends HfsmException {

  /**
   * @param lease text form of the lease that was presented
   */
  public LeaseLostException(String lease) {
    super("lease no longer held: " + lease, null, false);
  }
}
