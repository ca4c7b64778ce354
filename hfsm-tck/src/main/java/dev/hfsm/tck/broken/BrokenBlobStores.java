package dev.hfsm.tck.broken;

import dev.hfsm.storage.BlobStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Blob stores that each break one promise. */
public final class BrokenBlobStores {

  private BrokenBlobStores() {}

  /** What is wrong, and how to make a store that does it; each is fresh and empty. */
  public static Map<String, Supplier<BlobStore>> all() {
    Map<String, Supplier<BlobStore>> all = new LinkedHashMap<>();
    all.putAll(BrokenPuts.all());
    all.putAll(BrokenSources.all());
    all.putAll(BrokenReads.all());
    all.putAll(BrokenDeletes.all());
    all.putAll(BrokenLists.all());
    all.putAll(BrokenCapabilities.all());
    return all;
  }
}
