package dev.hfsm.internal.custody;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.internal.Settings;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes the marks that tell of a restored ledger along to another store, so that one that is
 * restored after a migration is noticed there as well.
 */
final class MarkCopies {

  private static final int PAGE = 100;
  private static final int MAX_BYTES = 1000;

  private MarkCopies() {}

  static void copy(Settings settings, BlobStore target) {
    BlobStore source = settings.blobs();
    String prefix = RestoreMark.FOLDER + settings.ledger().custody().ledgerId() + "-";
    Cursor after = Cursor.START;
    while (after != null) {
      Page<StorageKey> page = source.list(prefix, after, PAGE);
      for (StorageKey key : page.items()) {
        if (target.stat(key).isEmpty()) {
          copy(key, source, target);
        }
      }
      after = page.next();
    }
  }

  private static void copy(StorageKey key, BlobStore source, BlobStore target) {
    byte[] content;
    try (InputStream in = source.open(key, new ByteRange(0, MAX_BYTES))) {
      content = in.readAllBytes();
    } catch (BlobNotFoundException e) {
      return; // a higher one has replaced it
    } catch (IOException e) {
      throw new BlobStoreException("reading " + key + ": " + e, e, true);
    }
    target.put(key, new BlobRef(Digest.ofContent(content), content.length), ByteSource.of(content));
  }
}
