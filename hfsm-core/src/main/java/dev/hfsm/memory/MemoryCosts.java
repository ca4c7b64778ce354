package dev.hfsm.memory;

import dev.hfsm.ledger.CostLedger;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.Spending;
import dev.hfsm.model.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

final class MemoryCosts implements CostLedger {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final LedgerTables tables;
  private final List<Spent> spent = new ArrayList<>();
  private final Map<Scope, Long> measured = new TreeMap<>();
  private Instant measuredAt = Instant.MIN;

  private record Spent(Instant minute, Spending what) {

    boolean endsAfter(Instant then) {
      return minute.plus(MINUTE).isAfter(then);
    }
  }

  MemoryCosts(LedgerTables tables) {
    this.tables = tables;
  }

  @Override
  public void spend(List<Spending> spending) {
    tables.transaction(
        now -> {
          Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
          return spent.addAll(spending.stream().map(what -> new Spent(minute, what)).toList());
        });
  }

  @Override
  public List<Costs> costs(Duration window) {
    return tables.transaction(
        now -> {
          Map<Scope, Costs> costs = new TreeMap<>();
          measured.forEach((scope, bytes) -> add(costs, new Costs(scope, Duration.ZERO, 0, bytes)));
          for (Spent one : spent) {
            Spending what = one.what;
            boolean recent = one.endsAfter(now.minus(window));
            add(
                costs,
                new Costs(
                    what.scope(),
                    recent ? what.cpu() : Duration.ZERO,
                    recent ? what.variants() : 0,
                    one.endsAfter(measuredAt) ? what.bytes() : 0));
          }
          return List.copyOf(costs.values());
        });
  }

  private static void add(Map<Scope, Costs> costs, Costs more) {
    costs.merge(
        more.scope(),
        more,
        (a, b) ->
            new Costs(
                a.scope(),
                a.cpu().plus(b.cpu()),
                a.variants() + b.variants(),
                a.storedBytes() + b.storedBytes()));
  }

  @Override
  public void measure() {
    tables.transaction(
        now -> {
          measured.clear();
          measuredAt = now;
          tables
              .ready()
              .forEach(
                  row ->
                      measured.merge(
                          row.asset().scope(),
                          LedgerTables.contentOf(row).blob().size(),
                          Long::sum));
          return measuredAt;
        });
  }

  @Override
  public int forget(Duration age) {
    return tables.transaction(
        now -> {
          int before = spent.size();
          spent.removeIf(one -> !one.endsAfter(now.minus(age)));
          return before - spent.size();
        });
  }
}
