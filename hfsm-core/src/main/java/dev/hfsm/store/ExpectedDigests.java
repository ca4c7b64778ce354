package dev.hfsm.store;

import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.StorageKey;
import java.util.Optional;

/** Says what the bytes under a key must hash to. Thread-safe. */
@FunctionalInterface
public interface ExpectedDigests {

  /** The digest of what was put under {@code key}; empty if nobody knows. */
  Optional<Digest> of(StorageKey key);

  /** What keys say by themselves: the digest of originals, nothing about variants. */
  static ExpectedDigests inKeys() {
    return key ->
        key.parts().filter(p -> p.variant().isEmpty()).map(parts -> parts.asset().digest());
  }

  /**
   * What keys and ledger say: originals by their key, variants by their row, which is looked up by
   * its primary key at each opening.
   */
  static ExpectedDigests inLedger(LedgerReader reader) {
    ExpectedDigests keys = inKeys();
    return key -> keys.of(key).or(() -> ofVariant(reader, key));
  }

  private static Optional<Digest> ofVariant(LedgerReader reader, StorageKey key) {
    return key.parts()
        .flatMap(parts -> parts.variant().flatMap(v -> reader.variant(parts.asset(), v)))
        .map(VariantRow::content)
        .filter(content -> content.key().equals(key))
        .map(VariantContent::blob)
        .map(blob -> blob.digest());
  }
}
