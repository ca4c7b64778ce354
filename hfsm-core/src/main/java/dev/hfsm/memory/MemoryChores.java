package dev.hfsm.memory;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Chore;
import dev.hfsm.ledger.ChoreLedger;
import dev.hfsm.memory.LedgerTables.ChoreEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

final class MemoryChores implements ChoreLedger {

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

  private final LedgerTables tables;

  MemoryChores(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public Optional<Chore> lease(String chore, String worker, Duration lease) {
    requireName(chore);
    return tables.transaction(
        now -> {
          ChoreEntry known = tables.chores.getOrDefault(chore, new ChoreEntry(worker, now, ""));
          if (!known.worker().equals(worker) && now.isBefore(known.until())) {
            return Optional.empty();
          }
          tables.chores.put(chore, new ChoreEntry(worker, now.plus(lease), known.progress()));
          return Optional.of(new Chore(chore, worker, known.progress()));
        });
  }

  @Override
  public void note(Chore held, String progress) {
    if (progress.length() > MAX_PROGRESS) {
      throw new IllegalArgumentException(
          "progress: expected up to " + MAX_PROGRESS + " characters, found " + progress.length());
    }
    tables.transaction(
        now -> {
          ChoreEntry entry = tables.chores.get(held.name());
          if (!isHeld(entry, held, now)) {
            throw new LeaseLostException(held.toString());
          }
          return tables.chores.put(
              held.name(), new ChoreEntry(held.worker(), entry.until(), progress));
        });
  }

  @Override
  public String noted(String chore) {
    requireName(chore);
    return tables.transaction(
        now -> {
          ChoreEntry entry = tables.chores.get(chore);
          return entry == null ? "" : entry.progress();
        });
  }

  private static void requireName(String chore) {
    if (!NAME.matcher(chore).matches()) {
      throw new IllegalArgumentException("chore: expected [a-z0-9-]{1,64}, found " + chore);
    }
  }

  @Override
  public void release(Chore held) {
    tables.transaction(
        now -> {
          ChoreEntry entry = tables.chores.get(held.name());
          return isHeld(entry, held, now)
              ? tables.chores.put(held.name(), new ChoreEntry(held.worker(), now, entry.progress()))
              : entry;
        });
  }

  private static boolean isHeld(@Nullable ChoreEntry entry, Chore held, Instant now) {
    return entry != null && entry.worker().equals(held.worker()) && now.isBefore(entry.until());
  }
}
