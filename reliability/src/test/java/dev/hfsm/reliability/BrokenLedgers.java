package dev.hfsm.reliability;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkLedger;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Ledgers that keep one law less: what the explorer must notice. */
final class BrokenLedgers {

  private interface Answer {
    /** The broken answer, or null to leave the call as it is. */
    Object to(String method, Object[] args) throws Throwable;
  }

  private BrokenLedgers() {}

  /** Looks whether the asset is there, and claims it in a later step; if it is gone by then, so. */
  static AssetLedger lookThenRetain(AssetLedger sound) {
    return with(
        sound,
        IntakeLedger.class,
        sound.intake(),
        (method, args) -> {
          if (!method.equals("retain")) {
            return null;
          }
          Retention retention = (Retention) args[0];
          Optional<AssetRow> seen = sound.reader().asset(retention.asset());
          if (seen.isPresent()) {
            sound.intake().retain(retention);
          }
          return seen;
        });
  }

  /**
   * Publishes whoever comes, whether the lease is still held or not. Made of sound calls that are
   * not gated: in one step, as a transaction would.
   *
   * @param ungated the same ledger, past every gate
   */
  static AssetLedger unfenced(AssetLedger sound, AssetLedger ungated) {
    Map<Object, Lease> latest = new ConcurrentHashMap<>();
    return with(
        sound,
        WorkLedger.class,
        sound.work(),
        (method, args) -> {
          if (method.equals("claim")) {
            List<Claim> claims = sound.work().claim((ClaimRequest) args[0]);
            claims.forEach(claim -> latest.put(claim.lease().subject(), claim.lease()));
            return claims;
          }
          if (!method.equals("publish")) {
            return null;
          }
          Lease lease = (Lease) args[0];
          VariantContent content = (VariantContent) args[1];
          try {
            return sound.work().publish(lease, content);
          } catch (LeaseLostException refused) {
            return publishAnyway(ungated, lease, content, latest);
          }
        });
  }

  private static Object publishAnyway(
      AssetLedger ledger, Lease lost, VariantContent content, Map<Object, Lease> latest) {
    try {
      return ledger.work().publish(latest.getOrDefault(lost.subject(), lost), content);
    } catch (LeaseLostException done) {
      VariantRow row =
          ledger
              .reader()
              .variant(lost.subject().asset(), lost.subject().variant())
              .orElseThrow(() -> lostOf(lost));
      if (row.content() != null) {
        ledger.collector().evict(List.of(row.content().key()));
      }
      ledger
          .intake()
          .requestVariant(
              new VariantRequest(
                  row.asset(), row.key(), row.transformation(), row.transformer(), 0));
      List<Claim> claims =
          ledger
              .work()
              .claim(ClaimRequest.about("unfenced", List.of(lost.subject()), Lifetime.LEASE));
      if (claims.isEmpty()) {
        throw lostOf(lost);
      }
      return ledger.work().publish(claims.get(0).lease(), content);
    }
  }

  private static LeaseLostException lostOf(Lease lease) {
    return new LeaseLostException(lease.toString());
  }

  private static AssetLedger with(AssetLedger sound, Class<?> type, Object role, Answer answer) {
    Object broken =
        Proxy.newProxyInstance(
            BrokenLedgers.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              Object given = answer.to(method.getName(), args);
              return given != null ? given : invoke(role, method, args);
            });
    return AssetLedger.class.cast(
        Proxy.newProxyInstance(
            BrokenLedgers.class.getClassLoader(),
            new Class<?>[] {AssetLedger.class},
            (proxy, method, args) ->
                method.getReturnType() == type ? broken : invoke(sound, method, args)));
  }

  private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
