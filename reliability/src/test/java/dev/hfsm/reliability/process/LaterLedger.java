package dev.hfsm.reliability.process;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.Lookup;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;

/** A real ledger that says it is later than it is, for those who measure ages by it. */
final class LaterLedger {

  private LaterLedger() {}

  /** The same ledger, its time {@code by} ahead. Leases are left alone. */
  static AssetLedger over(AssetLedger ledger, Duration by) {
    IntakeLedger intake =
        proxy(
            IntakeLedger.class,
            (target, method, args) -> {
              Object answer = invoke(ledger.intake(), method, args);
              return answer instanceof Lookup lookup
                  ? new Lookup(lookup.asset(), lookup.now().plus(by))
                  : answer;
            });
    return proxy(
        AssetLedger.class,
        (target, method, args) ->
            method.getName().equals("intake") ? intake : invoke(ledger, method, args));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
