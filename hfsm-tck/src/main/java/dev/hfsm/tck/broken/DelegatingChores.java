package dev.hfsm.tck.broken;

import dev.hfsm.ledger.Chore;
import dev.hfsm.ledger.ChoreLedger;
import java.time.Duration;
import java.util.Optional;

/** Passes everything on. */
class DelegatingChores implements ChoreLedger {

  final ChoreLedger sound;

  DelegatingChores(ChoreLedger sound) {
    this.sound = sound;
  }

  @Override
  public Optional<Chore> lease(String chore, String worker, Duration lease) {
    return sound.lease(chore, worker, lease);
  }

  @Override
  public void note(Chore held, String progress) {
    sound.note(held, progress);
  }

  @Override
  public String noted(String chore) {
    return sound.noted(chore);
  }

  @Override
  public void release(Chore held) {
    sound.release(held);
  }
}
