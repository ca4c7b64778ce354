package dev.hfsm.cli.serve;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The assets in the order in which the page shows them. The ledger lists by digest only, since an
 * index by time would have to be written for every admission; so what it lists is put in order here
 * as long as it is not too many. Of many, those come first that this process took in. Thread-safe.
 */
final class Kept {

  /** So many are read and sorted for a page. */
  static final int SORTED = 1000;

  private static final int READ = 250;
  private static final int RECENT = 100;
  private static final Pattern PLACE = Pattern.compile("at-([0-9]{1,15})-([0-9a-f]{64})");
  private static final Comparator<Entry> NEWEST_FIRST =
      Comparator.comparing(Entry::at).reversed().thenComparing(e -> e.digest().hex());

  private final AssetPipeline assets;
  private final int sorted;
  private final Deque<AssetId> recent = new ArrayDeque<>(); // guarded by itself

  /**
   * @param sorted how many are put in order at most
   */
  Kept(AssetPipeline assets, int sorted) {
    this.assets = assets;
    this.sorted = sorted;
  }

  enum Order {
    NEWEST,
    /** What this process took in, newest first; then all by digest. */
    RECENT_THEN_DIGEST
  }

  /**
   * Some of them.
   *
   * @param next where to go on; null at the end
   */
  record Shown(Order order, List<AssetId> assets, @Nullable String next) {}

  private record Entry(Instant at, Digest digest) {

    static Entry of(AssetRow row) {
      return new Entry(Instant.ofEpochMilli(row.admittedAt().toEpochMilli()), row.id().digest());
    }

    String place() {
      return "at-" + at.toEpochMilli() + "-" + digest.hex();
    }
  }

  /** Something came in. */
  void add(AssetId asset) {
    synchronized (recent) {
      recent.addFirst(asset);
      if (recent.size() > RECENT) {
        recent.removeLast();
      }
    }
  }

  /**
   * What stands behind a place.
   *
   * @param after empty for the beginning, else what the last answer said
   */
  Shown page(String after, int limit) {
    Matcher place = PLACE.matcher(after);
    boolean inTime = place.matches();
    if (after.isEmpty() || inTime) {
      Optional<List<Entry>> all = all();
      if (all.isPresent()) {
        return newest(all.get(), inTime ? place : null, limit);
      }
    }
    // They may have become too many since the last page: then all come once more, by digest.
    boolean begin = after.isEmpty() || inTime;
    Page<AssetRow> page = list(begin ? Cursor.START : new Cursor(after), limit);
    Set<AssetId> shown = new LinkedHashSet<>(begin ? recent() : List.of());
    page.items().forEach(row -> shown.add(row.id()));
    Cursor next = page.next();
    return new Shown(
        Order.RECENT_THEN_DIGEST, List.copyOf(shown), next == null ? null : next.after());
  }

  private static Shown newest(List<Entry> all, @Nullable Matcher place, int limit) {
    Stream<Entry> behind = all.stream();
    if (place != null) {
      Instant at = Instant.ofEpochMilli(Long.parseLong(place.group(1)));
      Entry last = new Entry(at, new Digest(place.group(2)));
      behind = behind.filter(entry -> NEWEST_FIRST.compare(entry, last) > 0);
    }
    List<Entry> some = behind.sorted(NEWEST_FIRST).limit(limit + 1L).toList();
    boolean more = some.size() > limit;
    List<Entry> shown = more ? some.subList(0, limit) : some;
    return new Shown(
        Order.NEWEST,
        shown.stream().map(entry -> AssetId.of(entry.digest())).toList(),
        more ? shown.get(limit - 1).place() : null);
  }

  /** All there are; empty if they are too many. */
  private Optional<List<Entry>> all() {
    List<Entry> all = new ArrayList<>();
    Cursor at = Cursor.START;
    while (at != null) {
      Page<AssetRow> page = list(at, Math.min(READ, sorted + 1 - all.size()));
      page.items().forEach(row -> all.add(Entry.of(row)));
      if (all.size() > sorted) {
        return Optional.empty();
      }
      at = page.next();
    }
    return Optional.of(all);
  }

  private Page<AssetRow> list(Cursor after, int limit) {
    return assets.list(Scope.DEFAULT, after, limit);
  }

  private List<AssetId> recent() {
    synchronized (recent) {
      return List.copyOf(recent);
    }
  }
}
