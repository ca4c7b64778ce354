package dev.hfsm;

import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import java.util.Optional;

/**
 * Decides which assets the host wants. Called by workers once an asset's facts are known; must be
 * thread-safe. A refused asset becomes REJECTED with the reason as a fact.
 */
@FunctionalInterface
public interface AcceptPolicy {

  /** Everything is welcome. */
  AcceptPolicy EVERYTHING = (type, facts) -> Optional.empty();

  /**
   * Why the asset is refused, or empty if it is welcome.
   *
   * @param type what its bytes are
   * @param facts what is known about it
   */
  Optional<String> refuse(MediaType type, Facts facts);
}
