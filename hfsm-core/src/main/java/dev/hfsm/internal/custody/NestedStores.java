package dev.hfsm.internal.custody;

import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Stores that lie inside another: a bucket, and a folder of it. What is in the inner one looks,
 * from the outer one, like objects of a scope of that name which no row names. The inner one says
 * whose it is in that folder, which no object of a scope does. Each folder is looked at once. For
 * one run of one thread.
 */
final class NestedStores {

  private final BlobStore blobs;
  private final Map<Scope, Boolean> looked = new HashMap<>();

  NestedStores(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** Whether the key is one of another store's. */
  boolean hold(StorageKey key) {
    return key.parts()
        .or(key::landed)
        .map(parts -> parts.asset().scope())
        .filter(scope -> !scope.equals(Scope.DEFAULT))
        .map(scope -> looked.computeIfAbsent(scope, this::isStore))
        .orElse(false);
  }

  private boolean isStore(Scope scope) {
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = blobs.list(scope.prefix() + StoreIdentity.PREFIX, after, 1);
      if (!page.items().isEmpty()) {
        return true;
      }
      after = page.next();
    }
    return false;
  }
}
