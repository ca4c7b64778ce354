package dev.hfsm.store;

import dev.hfsm.custody.Finding;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.internal.BlobCheck;
import dev.hfsm.internal.BlobCheck.Flaw;
import dev.hfsm.ledger.Kept;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.LocalCopies;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One repair of a mirror. For one thread. */
final class Repair {

  private final BlobStore first;
  private final BlobStore second;
  private final BlobCheck firstCheck;
  private final BlobCheck secondCheck;
  private final Function<Collection<StorageKey>, Set<StorageKey>> still;
  private final List<StorageKey> copied = new ArrayList<>();
  private final List<StorageKey> lost = new ArrayList<>();
  private final List<StorageKey> failed = new ArrayList<>();

  Repair(
      BlobStore first, BlobStore second, Function<Collection<StorageKey>, Set<StorageKey>> still) {
    this.first = first;
    this.second = second;
    this.firstCheck = new BlobCheck(first);
    this.secondCheck = new BlobCheck(second);
    this.still = still;
  }

  Repaired run(Collection<Kept> named) {
    for (Kept kept : named) {
      Flaw inFirst = firstCheck.check(kept);
      Flaw inSecond = secondCheck.check(kept);
      if (inFirst != null && inSecond != null) {
        (isUnreadable(inFirst) || isUnreadable(inSecond) ? failed : lost).add(kept.key());
      } else if (inFirst != null) {
        replace(kept, inFirst, first, second);
      } else if (inSecond != null) {
        replace(kept, inSecond, second, first);
      }
    }
    return new Repaired(named.size(), copied, lost, failed);
  }

  private static boolean isUnreadable(@Nullable Flaw flaw) {
    return flaw != null && flaw.kind() == Finding.Kind.UNREADABLE;
  }

  private void replace(Kept kept, Flaw flaw, BlobStore target, BlobStore sound) {
    StorageKey key = kept.key();
    if (isUnreadable(flaw)) {
      failed.add(key); // what cannot be read now may be sound
      return;
    }
    try {
      if (flaw.kind() == Finding.Kind.DAMAGED) {
        target.delete(key); // no store has to overwrite anything
      }
      BlobStore from = sound.capability(LocalCopies.class).map(LocalCopies::origin).orElse(sound);
      target.put(key, kept.blob(), new Stored(from, kept));
      if (still.apply(List.of(key)).contains(key)) {
        copied.add(key);
      } else {
        target.delete(key);
      }
    } catch (BlobStoreException | IntegrityException e) {
      failed.add(key);
    }
  }

  private record Stored(BlobStore store, Kept kept) implements ByteSource {
    @Override
    public long size() {
      return kept.blob().size();
    }

    @Override
    public InputStream open() {
      return store.open(kept.key(), ByteRange.ALL);
    }
  }
}
