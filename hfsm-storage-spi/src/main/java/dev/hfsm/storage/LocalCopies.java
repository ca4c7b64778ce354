package dev.hfsm.storage;

import java.util.Collection;
import java.util.Set;
import java.util.function.Function;

/**
 * Capability of a store that answers from copies it keeps on this node. Copies are coherent by
 * themselves, because a key is used once; but they outlive a deletion on another node, and they
 * hide what has become of the object.
 */
public interface LocalCopies {

  /**
   * The same store without its copies, for whoever has to see what really lies there. It is closed
   * with the store that offers this, not by itself.
   */
  BlobStore origin();

  /**
   * Drops the copies of keys that nobody names any more, a few hundred at a time.
   *
   * @param named which of some keys are still named
   * @return how many copies were dropped
   */
  long keepOnly(Function<Collection<StorageKey>, Set<StorageKey>> named);
}
