package dev.hfsm.internal.custody;

import dev.hfsm.custody.Refusal;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.internal.Leftovers;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says in a store which ledger it belongs to, so that no ledger ever takes another's objects for
 * orphans: objects {@code hfsm/store-id/<ledger id>-<stamp>}, of which there may be several if they
 * all say the same. Thread-safe.
 */
public final class StoreIdentity {

  static final int STAMP_LENGTH = 27;

  static final String PREFIX = "hfsm/store-id/";
  private static final Pattern NOTE =
      Pattern.compile("(.+)-[0-9a-f]{" + STAMP_LENGTH + "}", Pattern.DOTALL);
  private static final int PAGE = 100;
  private static final int MAX_CONTENT = 1000;

  private final AssetLedger ledger;
  private final BlobStore blobs;
  private final RandomGenerator random;
  private final ReentrantLock first = new ReentrantLock();
  private volatile boolean known;

  /** Compares {@code ledger} with what stands in {@code blobs}. */
  public StoreIdentity(AssetLedger ledger, BlobStore blobs, RandomGenerator random) {
    this.ledger = ledger;
    this.blobs = blobs;
    this.random = random;
  }

  /**
   * Makes sure that the store is this ledger's, and says so in it if nobody has said anything yet
   * and the ledger names nothing that would have to be in it. Asks the store once in the life of
   * this object.
   *
   * @throws BlobStoreException if the store belongs to another ledger, or says nothing though the
   *     ledger names what must be in it, for good; or if it cannot be asked, for now
   */
  public void require() {
    if (known) {
      return;
    }
    first.lock();
    try {
      if (!known && !isMine()) {
        requireNothingNamed();
        claim();
      }
      known = true;
    } finally {
      first.unlock();
    }
  }

  /**
   * As {@link #require}, but says nothing in a store that nobody has claimed.
   *
   * @throws BlobStoreException as {@link #require}
   */
  public void verify() {
    if (!known) {
      known = isMine();
      if (!known) {
        requireNothingNamed();
      }
    }
  }

  /**
   * Says in a store that says nothing that it is this ledger's, whatever the ledger names.
   *
   * @throws BlobStoreException if the store belongs to another ledger, for good; or if it cannot be
   *     asked, for now
   */
  void take() {
    first.lock();
    try {
      if (!isMine()) {
        claim();
      }
      known = true;
    } finally {
      first.unlock();
    }
  }

  /**
   * Makes sure that the store does not say that it is another ledger's.
   *
   * @throws BlobStoreException as {@link #take}
   */
  void requireNotAnothers() {
    isMine();
  }

  /** Where a ledger has put something, the store says whose it is: this is another place. */
  private void requireNothingNamed() {
    // Another node may have been first with both meanwhile.
    if (namesNothing() || isMine()) {
      return;
    }
    throw new BlobStoreException(
        "store: expected the one that ledger "
            + ledger.custody().ledgerId()
            + " has put its assets into, found one that says nothing: another bucket, prefix or"
            + " folder, or one that is not mounted? If what it held is lost, say that this one is"
            + " to take its place (hfsm take-store)",
        null,
        false);
  }

  /**
   * Whether the store answers and says what it has to say: what it has said before, and whose it is
   * if the ledger names anything that must be in it. Looks anew each time.
   *
   * @throws BlobStoreException if it does not answer
   */
  public boolean isThere() {
    boolean before = known;
    return isMine() || !before && namesNothing();
  }

  /**
   * Makes sure that the store says it is this ledger's. Looks anew each time.
   *
   * @throws BlobStoreException if it does not say so, for good
   */
  void requireNamed() {
    refusal()
        .ifPresent(
            refusal -> {
              throw new BlobStoreException("store: " + refusal, null, false);
            });
  }

  /**
   * Makes sure that the store says it is this ledger's, and that what it holds can be read as it
   * was written: a store that is looked at through the wrong decorators, or the wrong store, tells
   * nothing about what this ledger has lost. Looks anew each time.
   *
   * @throws BlobStoreException if it does not say so, or says so in bytes that cannot be read, for
   *     good
   */
  void requireReadable() {
    requireNamed();
    String mine = ledger.custody().ledgerId();
    Page<StorageKey> page = blobs.list(PREFIX + mine + "-", Cursor.START, PAGE);
    for (StorageKey key : page.items()) {
      boolean whole = ownerIn(key.text().substring(PREFIX.length())) != null;
      if (whole && !content(key).equals(mine)) {
        throw new BlobStoreException(
            "store: expected the ledger's name in "
                + key
                + ", found other bytes; it may have been written with an encryption that is not"
                + " configured here, or without the one that is",
            null,
            false);
      }
    }
  }

  /** Whether there is nothing in the ledger that would have to be in the store. */
  private boolean namesNothing() {
    return ledger.custody().inventory(Cursor.START, 1).items().isEmpty();
  }

  /** Past the copies of this node, which may have come through other decorators. */
  private String content(StorageKey key) {
    BlobStore origin = BlobCopy.origin(blobs);
    try (InputStream in = origin.open(key, new ByteRange(0, MAX_CONTENT))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IntegrityException e) {
      return "";
    } catch (IOException e) {
      throw new BlobStoreException("reading " + key + ": " + e, e, true);
    }
  }

  /** Why nothing may be deleted from the store; looks anew each time. */
  Optional<Refusal> refusal() {
    String mine = ledger.custody().ledgerId();
    Owners owners = owners(mine);
    if (owners.other() != null) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.OTHER_LEDGER,
              "a store of ledger " + mine,
              "one of ledger " + owners.other()));
    }
    if (!owners.mine()) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.NO_STORE_ID,
              "a store that says it belongs to ledger " + mine,
              "one that does not say whose it is; the first upload of a ledger that names nothing"
                  + " says so in it, or hfsm take-store"));
    }
    return Optional.empty();
  }

  /** Whether the store says that it is this ledger's; false if it does not say anything. */
  private boolean isMine() {
    String mine = ledger.custody().ledgerId();
    Owners owners = owners(mine);
    if (owners.other() != null) {
      throw mismatch(mine, owners.other());
    }
    return owners.mine();
  }

  private static BlobStoreException mismatch(String mine, String other) {
    return new BlobStoreException(
        "store: expected one that belongs to ledger "
            + mine
            + ", found one that belongs to ledger "
            + other
            + "; two ledgers must not share a store",
        null,
        false);
  }

  /** Two who begin at once with two ledgers both see the other and both give way. */
  private void claim() {
    String mine = ledger.custody().ledgerId();
    Stamp stamp = Stamp.of(LedgerTime.of(ledger.intake()), random);
    StorageKey key = new StorageKey(PREFIX + mine + "-" + stamp);
    byte[] content = mine.getBytes(StandardCharsets.UTF_8);
    blobs.put(key, new BlobRef(Digest.ofContent(content), content.length), ByteSource.of(content));
    Owners owners = owners(mine);
    if (owners.other() != null) {
      new Leftovers(blobs).discard(key);
      throw mismatch(mine, owners.other());
    }
  }

  /**
   * Whom a store names.
   *
   * @param mine whether this ledger
   * @param other another ledger, or null
   */
  private record Owners(boolean mine, @Nullable String other) {}

  /** Null if nobody says anything by that name: some servers list what is still being put. */
  private static @Nullable String ownerIn(String name) {
    Matcher note = NOTE.matcher(name);
    return note.matches() ? note.group(1) : null;
  }

  private Owners owners(String me) {
    boolean mine = false;
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = blobs.list(PREFIX, after, PAGE);
      for (StorageKey key : page.items()) {
        String owner = ownerIn(key.text().substring(PREFIX.length()));
        if (owner != null && !owner.equals(me)) {
          return new Owners(mine, owner);
        }
        mine |= owner != null;
      }
      after = page.next();
    }
    return new Owners(mine, null);
  }
}
