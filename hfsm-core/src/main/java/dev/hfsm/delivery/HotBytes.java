package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.ReadyVariant;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.ByteRange;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of small variants on the heap, by what they are, so they are never stale. */
final class HotBytes {

  private static final int LARGEST = 1 << 20;
  private static final int OVERHEAD = 200;

  private final Cache<Digest, byte[]> bytes;

  /**
   * @param most how many bytes
   */
  HotBytes(long most) {
    this.bytes =
        Caffeine.newBuilder()
            .maximumWeight(most)
            .weigher((Digest digest, byte[] content) -> content.length + OVERHEAD)
            .build();
  }

  /** Whether a variant is small enough. */
  static boolean takes(ReadyVariant variant) {
    return variant.size() <= LARGEST;
  }

  /** From the heap; what is not there is read whole, hashed, and kept. */
  DeliveryBody open(ReadyVariant variant, ByteRange range, Timing timing) {
    byte[] known = bytes.getIfPresent(variant.digest());
    timing.note("cache", known == null ? "miss" : "hit");
    byte[] content = known == null ? timing.measure("store", () -> sound(variant)) : known;
    if (known == null) {
      bytes.put(variant.digest(), content);
    } else if (range.offset() == 0) {
      variant.countUse();
    }
    int from = (int) Math.min(range.offset(), content.length);
    return DeliveryBody.of(content, from, (int) range.lengthIn(content.length));
  }

  private static byte[] sound(ReadyVariant variant) {
    byte[] content = read(variant);
    if (!Digest.ofContent(content).equals(variant.digest())) {
      throw new IntegrityException("the stored bytes of " + variant.key() + " are damaged");
    }
    return content;
  }

  private static byte[] read(ReadyVariant variant) {
    try (InputStream in = variant.open(ByteRange.ALL)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new BlobStoreException("cannot read " + variant.key() + ": " + e, e, true);
    }
  }
}
