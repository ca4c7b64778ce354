package dev.hfsm.error;

/** The asset does not exist, or was collected while the call was under way. */
public final class AssetGoneException extends HfsmException {

  /**
   * @param asset text form of the asset that was looked for
   */
  public AssetGoneException(String asset) {
    super("no such asset: " + asset, null, false);
  }
}
