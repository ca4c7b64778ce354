package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.ReadyVariant;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The bytes of small variants on the heap, by what they are, so they are never stale. Who wants
 * what is being read waits for it. Scopes share nothing: how soon one is answered would tell it
 * what another has. Thread-safe.
 */
final class HotBytes {

  private static final int LARGEST = 1 << 20;
  private static final int OVERHEAD = 200;

  /** Longer than a store takes that answers at all. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Cache<Name, byte[]> bytes;
  private final Together<Name, byte[]> together = new Together<>(PATIENCE);

  /**
   * @param most how many bytes
   */
  HotBytes(long most) {
    this.bytes =
        Caffeine.newBuilder()
            .maximumWeight(most)
            .weigher((Name name, byte[] content) -> content.length + OVERHEAD)
            .build();
  }

  /** Of bytes, within the scope that may have them. */
  private record Name(Scope scope, Digest digest) {}

  /** Whether a variant is small enough. */
  static boolean takes(ReadyVariant variant) {
    return variant.size() <= LARGEST;
  }

  /** From the heap; what is not there is read whole, hashed, and kept. */
  DeliveryBody open(Scope scope, ReadyVariant variant, ByteRange range, Timing timing) {
    Name name = new Name(scope, variant.digest());
    byte[] known = bytes.getIfPresent(name);
    timing.note("cache", known == null ? "miss" : "hit");
    byte[] content =
        known == null ? timing.measure("store", () -> read(name, variant, range)) : known;
    if (known != null) {
      count(variant, range);
    }
    int from = (int) Math.min(range.offset(), content.length);
    return DeliveryBody.of(content, from, (int) range.lengthIn(content.length));
  }

  /** Reads, and so counts as a use; or has somebody else do that, and counts by itself. */
  private byte[] read(Name name, ReadyVariant variant, ByteRange range) {
    boolean[] opened = {false};
    byte[] content =
        together.find(
            name,
            () -> {
              byte[] meanwhile = bytes.getIfPresent(name);
              if (meanwhile != null) {
                return meanwhile;
              }
              opened[0] = true;
              byte[] sound = sound(variant);
              bytes.put(name, sound);
              return sound;
            });
    if (!opened[0]) {
      count(variant, range);
    }
    return content;
  }

  private static void count(ReadyVariant variant, ByteRange range) {
    if (range.offset() == 0) {
      variant.countUse(); // opening it would have
    }
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
      // One more than there should be tells too many, however many there are.
      return in.readNBytes((int) variant.size() + 1);
    } catch (IOException e) {
      throw new BlobStoreException("cannot read " + variant.key() + ": " + e, e, true);
    }
  }
}
