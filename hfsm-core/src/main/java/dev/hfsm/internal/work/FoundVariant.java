package dev.hfsm.internal.work;

import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a caller found who waited for a variant.
 *
 * @param row as the ledger has it; or as it will be written, if there are bytes
 * @param bytes what was made here and is not known to be stored yet, not to be changed; null if the
 *     row is the ledger's
 */
public record FoundVariant(VariantRow row, byte @Nullable [] bytes) {

  /** Variants larger than this are read from the store, once they are there. */
  static final int LARGEST = 1 << 20;

  /** As the ledger has it. */
  public static FoundVariant kept(VariantRow row) {
    return new FoundVariant(row, null);
  }

  /** Made here a moment ago. */
  static FoundVariant made(VariantRow row, byte[] bytes) {
    if (row.state() != VariantState.READY) {
      throw new IllegalArgumentException("expected a row as it will be, found " + row);
    }
    return new FoundVariant(row, Objects.requireNonNull(bytes));
  }

  /** Whether the row is the ledger's. */
  public boolean isKept() {
    return bytes == null;
  }
}
