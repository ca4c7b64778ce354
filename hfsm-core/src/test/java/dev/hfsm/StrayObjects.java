package dev.hfsm;

import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;

/** Puts objects into a store that no pipeline put there, or not like this. */
final class StrayObjects {
  private final BlobStore blobs;
  private final Random random = new Random(11);

  StrayObjects(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** What a process leaves that dies between put and admit. */
  StorageKey original(byte[] bytes, Instant at) {
    AssetId id = AssetId.of(Digest.ofContent(bytes));
    return put(StorageKey.raw(id, Stamp.of(at, random)), bytes);
  }

  /** What a worker leaves that dies between put and publish. */
  StorageKey variant(AssetId asset, String text, Instant at) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    VariantKey key = VariantKey.ofHex(Digest.ofContent(bytes).hex());
    return put(StorageKey.variant(asset, key, Stamp.of(at, random), "bin"), bytes);
  }

  /** An object under any key. */
  StorageKey put(StorageKey key, byte[] bytes) {
    blobs.put(key, new BlobRef(Digest.ofContent(bytes), bytes.length), ByteSource.of(bytes));
    return key;
  }

  /** Lets other bytes lie under a key, as a rotten disk does. */
  void garble(StorageKey key) throws IOException {
    byte[] bytes;
    try (InputStream in = blobs.open(key, ByteRange.ALL)) {
      bytes = in.readAllBytes();
    }
    bytes[bytes.length / 2] ^= 1;
    blobs.delete(key);
    put(key, bytes);
  }

  /** The mark of a later state of the ledger. */
  void markOfTheFuture(String ledgerId, Instant at) {
    put(
        new StorageKey("hfsm/mark/" + ledgerId + "-00000000000000ff-" + Stamp.of(at, random)),
        new byte[] {1});
  }

  static Instant now(IntakeLedger intake) {
    return intake.find(AssetId.of(Digest.ofContent(new byte[0]))).now();
  }
}
