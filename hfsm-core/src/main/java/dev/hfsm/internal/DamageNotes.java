package dev.hfsm.internal;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.Failure;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes on an asset that its original is missing or damaged, so that it is not served and the next
 * upload of the bytes replaces it. Thread-safe.
 */
public final class DamageNotes {

  /** The failure's code when there is no object. */
  public static final String MISSING = "original-missing";

  /** The failure's code when the object has another length or digest. */
  public static final String DAMAGED = "original-damaged";

  private static final Logger LOG = LoggerFactory.getLogger(DamageNotes.class);

  private final AssetLedger ledger;
  private final InstantSource clock;

  /** Notes in {@code ledger}. */
  public DamageNotes(AssetLedger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Notes damage that somebody met on the way to something else. Never throws.
   *
   * @return false if the asset no longer names that object, so that nothing is wrong with it
   */
  public boolean met(AssetRow asset, String code, String message) {
    try {
      return note(asset, code, message);
    } catch (RuntimeException e) {
      LOG.warn("could not note the damage of {}: {}", asset.id(), e.toString());
      return true;
    }
  }

  /** Notes damage, and says whether the asset still names that object. */
  public boolean note(AssetRow asset, String code, String message) {
    Failure damage = new Failure(code, message, false, clock.instant());
    boolean noted = ledger.custody().markDamaged(asset.id(), asset.key(), damage);
    if (noted) {
      LOG.error("the original of {} under {}: {}", asset.id(), asset.key(), message);
    }
    return noted;
  }
}
