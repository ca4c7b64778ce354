package dev.hfsm.tck;

/**
 * Proves a {@link dev.hfsm.storage.BlobStore}. Extend it with a class whose name your build takes
 * for a test, and supply {@link #newStore()}; every case gets a store of its own.
 *
 * <pre>{@code
 * class MyBlobStoreTest extends BlobStoreContract {
 *   @Override
 *   protected BlobStore newStore() {
 *     return MyBlobStore.in(freshBucket());
 *   }
 * }
 * }</pre>
 *
 * <p>Needed beside this module: an engine for JUnit Jupiter. The cases need some 20 MB of heap and
 * store up to 10 MB each.
 */
public abstract class BlobStoreContract extends BlobCapabilityCases {

  /** For subclasses. */
  protected BlobStoreContract() {}
}
