package dev.hfsm.internal.custody;

import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Leftovers;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.chores.ChoreBody;
import dev.hfsm.internal.chores.ChoreContext;
import dev.hfsm.internal.chores.ChoreNote;
import dev.hfsm.internal.custody.Restoration.Restored;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a ledger was restored from a backup: a number is raised in the ledger first and then
 * put into the store, as {@code hfsm/mark/<ledger id>-<number, 16 hex>-<stamp>}. A store that knows
 * a higher number than the ledger has met a later state of it. Thread-safe.
 */
final class RestoreMark {

  static final String CHORE = "mark";

  private static final Logger LOG = LoggerFactory.getLogger(RestoreMark.class);
  static final String FOLDER = "hfsm/mark/";
  private static final int NUMBER_LENGTH = 16;
  private static final int PAGE = 100;

  private final Settings settings;
  private final Restoration restoration;

  RestoreMark(Settings settings, Restoration restoration) {
    this.settings = settings;
    this.restoration = restoration;
  }

  /** Compares, and raises the number. */
  ChoreBody.Turn raise(ChoreContext context) {
    long next = Math.max(compare(context), number(context.progress())) + 1;
    // First in the ledger: the other way round, a crash in between would look like a restore.
    context.note(Long.toHexString(next));
    put(next);
    forEachMark((number, key) -> discard(number, key, next - 1));
    return ChoreBody.Turn.DONE;
  }

  /**
   * That the ledger was restored, if it was; noted first if nobody has noticed yet. Looks without a
   * lease, so that a node that died while it raised the number keeps nobody waiting.
   *
   * @throws LedgerException if a restore was noticed but cannot be noted just now
   */
  Optional<Restored> restored() {
    if (isLedgerBehind()) {
      noticeRestore();
    }
    return restoration.read();
  }

  /**
   * The store is asked first: a number that is raised meanwhile is in the ledger before it is in
   * the store.
   */
  private boolean isLedgerBehind() {
    long highest = highest();
    return highest > number(ChoreNote.parse(settings.ledger().chores().noted(CHORE)).progress());
  }

  private void noticeRestore() {
    try (OperatorTurn turn =
        OperatorTurn.take(settings, CHORE)
            .orElseThrow(
                () ->
                    new LedgerException(
                        "the ledger was restored from a backup, which another node is just noting;"
                            + " try again",
                        null,
                        true))) {
      long highest = compare(turn);
      if (highest > number(turn.progress())) {
        turn.note(Long.toHexString(highest));
      }
    }
  }

  /** Notes a restore if there was one, before the number that gives it away is raised. */
  private long compare(ChoreContext context) {
    long highest = highest();
    long mine = number(context.progress());
    if (highest > mine) {
      LOG.error(
          "the ledger was restored from a backup: it knows mark {}, the store {}. Nothing is swept"
              + " until a full scrub has passed and lost assets were adopted",
          mine,
          highest);
      restoration.noticed(context::keepGoing);
    }
    return highest;
  }

  /** The highest number the store knows. */
  private long highest() {
    long[] highest = {0};
    forEachMark((number, key) -> highest[0] = Math.max(highest[0], number));
    return highest[0];
  }

  private static long number(String noted) {
    return noted.isEmpty() ? 0 : HexFormat.fromHexDigitsToLong(noted);
  }

  private void put(long number) {
    Stamp stamp = Stamp.of(LedgerTime.of(settings.ledger().intake()), settings.random());
    StorageKey key = new StorageKey(prefix() + HexFormat.of().toHexDigits(number) + "-" + stamp);
    byte[] content = Long.toHexString(number).getBytes(StandardCharsets.UTF_8);
    settings
        .blobs()
        .put(key, new BlobRef(Digest.ofContent(content), content.length), ByteSource.of(content));
  }

  private void discard(long number, StorageKey key, long keepFrom) {
    if (number < keepFrom) {
      new Leftovers(settings.blobs()).discard(key);
    }
  }

  private String prefix() {
    return FOLDER + settings.ledger().custody().ledgerId() + "-";
  }

  private void forEachMark(BiConsumer<Long, StorageKey> action) {
    BlobStore blobs = settings.blobs();
    String prefix = prefix();
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = blobs.list(prefix, after, PAGE);
      for (StorageKey key : page.items()) {
        numberIn(key.text().substring(prefix.length()))
            .ifPresent(number -> action.accept(number, key));
      }
      after = page.next();
    }
  }

  private static OptionalLong numberIn(String name) {
    boolean fits =
        name.length() == NUMBER_LENGTH + 1 + StoreIdentity.STAMP_LENGTH
            && name.charAt(NUMBER_LENGTH) == '-'
            && name.substring(0, NUMBER_LENGTH).matches("[0-7][0-9a-f]{15}");
    return fits
        ? OptionalLong.of(HexFormat.fromHexDigitsToLong(name, 0, NUMBER_LENGTH))
        : OptionalLong.empty();
  }
}
