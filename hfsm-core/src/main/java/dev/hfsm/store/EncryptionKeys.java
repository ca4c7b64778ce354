package dev.hfsm.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where keys come from. A key is changed by making another one current; the older ones have to stay
 * known for as long as blobs are there that name them. Thread-safe; asked at each put and each
 * opening, so whoever asks a service remembers the answers.
 */
public interface EncryptionKeys {

  /** What new blobs are encrypted with. */
  EncryptionKey current();

  /** The key of that name; empty if there is none. */
  Optional<EncryptionKey> find(String id);

  /** Keys that do not change. */
  static EncryptionKeys of(EncryptionKey current, EncryptionKey... older) {
    Map<String, EncryptionKey> all = new LinkedHashMap<>();
    all.put(current.id(), current);
    for (EncryptionKey key : older) {
      if (all.putIfAbsent(key.id(), key) != null) {
        throw new IllegalArgumentException("expected each name once, found " + key + " twice");
      }
    }
    Map<String, EncryptionKey> known = Map.copyOf(all);
    return new EncryptionKeys() {
      @Override
      public EncryptionKey current() {
        return current;
      }

      @Override
      public Optional<EncryptionKey> find(String id) {
        return Optional.ofNullable(known.get(id));
      }
    };
  }
}
