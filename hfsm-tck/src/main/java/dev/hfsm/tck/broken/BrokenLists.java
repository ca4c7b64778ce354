package dev.hfsm.tck.broken;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Stores that list badly. */
final class BrokenLists {

  private BrokenLists() {}

  static Map<String, Supplier<BlobStore>> all() {
    Map<String, Supplier<BlobStore>> all = new LinkedHashMap<>();
    all.put("an empty store cannot be listed", EmptyIsAnError::new);
    all.put("folders are listed in the order of their names", FoldersByName::new);
    all.put("a page starts with the last key of the page before", Inclusive::new);
    all.put("limits are ignored", LimitIgnored::new);
    all.put("a prefix is a folder", PrefixIsFolder::new);
    all.put("a prefix is a pattern", PrefixIsPattern::new);
    all.put("the prefix is forgotten after the first page", PrefixForgotten::new);
    all.put("pages are counted from the start", ByOffset::new);
    all.put("a cursor must still exist", CursorMustExist::new);
    all.put("a folder shows its first key only", FirstOfFolder::new);
    return all;
  }

  private static Page<StorageKey> page(List<StorageKey> keys, int limit) {
    return keys.size() < limit
        ? new Page<>(keys, null)
        : new Page<>(keys.subList(0, limit), new Cursor(keys.get(limit - 1).text()));
  }

  private static final class EmptyIsAnError extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      if (keys("").isEmpty()) {
        throw new BlobStoreException("no such folder", null, false);
      }
      return super.list(prefix, after, limit);
    }
  }

  private static final class FoldersByName extends BrokenBlobStore {
    private static final Comparator<String> BY_SEGMENT =
        Comparator.comparing(text -> text.replace('/', '\0'));

    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      List<StorageKey> keys =
          keys(prefix).stream()
              .filter(key -> BY_SEGMENT.compare(key.text(), after.after()) > 0)
              .sorted(Comparator.comparing(StorageKey::text, BY_SEGMENT))
              .toList();
      return page(keys, limit);
    }
  }

  private static final class Inclusive extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      List<StorageKey> keys =
          keys(prefix).stream().filter(key -> key.text().compareTo(after.after()) >= 0).toList();
      return page(keys, limit);
    }
  }

  private static final class LimitIgnored extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      return super.list(prefix, after, Integer.MAX_VALUE);
    }
  }

  private static final class PrefixIsFolder extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      boolean folder = prefix.isEmpty() || prefix.endsWith("/");
      return super.list(folder ? prefix : prefix + "/", after, limit);
    }
  }

  private static final class PrefixIsPattern extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      String pattern = prefix.replace(".", "\\.").replace("%", ".*").replace('_', '.') + ".*";
      List<StorageKey> keys =
          keys("").stream()
              .filter(key -> key.text().matches(pattern))
              .filter(key -> key.text().compareTo(after.after()) > 0)
              .toList();
      return page(keys, limit);
    }
  }

  private static final class PrefixForgotten extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      return super.list(after.equals(Cursor.START) ? prefix : "", after, limit);
    }
  }

  private static final class ByOffset extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      List<StorageKey> keys = keys(prefix);
      int from = after.equals(Cursor.START) ? 0 : Integer.parseInt(after.after());
      int to = Math.min(from + limit, keys.size());
      return to <= from
          ? new Page<>(List.of(), null)
          : new Page<>(keys.subList(from, to), new Cursor(Integer.toString(to)));
    }
  }

  private static final class CursorMustExist extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      boolean exists = keys("").stream().anyMatch(key -> key.text().equals(after.after()));
      return super.list(prefix, exists ? after : Cursor.START, limit);
    }
  }

  private static final class FirstOfFolder extends BrokenBlobStore {
    @Override
    public Page<StorageKey> list(String prefix, Cursor after, int limit) {
      Set<String> folders = new LinkedHashSet<>();
      List<StorageKey> keys = new ArrayList<>();
      for (StorageKey key : keys(prefix)) {
        String text = key.text();
        if (folders.add(text.substring(0, text.lastIndexOf('/') + 1))
            && text.compareTo(after.after()) > 0) {
          keys.add(key);
        }
      }
      return page(keys, limit);
    }
  }
}
