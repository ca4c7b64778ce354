package dev.hfsm.tck.broken;

import dev.hfsm.ledger.LedgerBell;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Passes everything on. */
class DelegatingBell implements LedgerBell {

  final LedgerBell sound;

  DelegatingBell(LedgerBell sound) {
    this.sound = sound;
  }

  @Override
  public void ring(Collection<Ring> rings) {
    sound.ring(rings);
  }

  @Override
  public Listening listen() {
    return sound.listen();
  }

  /** Passes everything on. */
  static class Ear implements Listening {

    final Listening sound;

    Ear(Listening sound) {
      this.sound = sound;
    }

    @Override
    public List<Ring> await(Duration atMost) throws InterruptedException {
      return sound.await(atMost);
    }

    @Override
    public void close() {
      sound.close();
    }
  }
}
