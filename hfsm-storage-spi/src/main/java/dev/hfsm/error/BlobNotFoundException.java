package dev.hfsm.error;

/** No blob lies under the storage key that was asked for. */
public final class BlobNotFoundException extends HfsmException {

  /**
   * @param key text form of the storage key
   */
  public BlobNotFoundException(String key) {
    super("no blob under key " + key, null, false);
  }
}
