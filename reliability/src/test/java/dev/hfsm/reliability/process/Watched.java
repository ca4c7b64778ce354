package dev.hfsm.reliability.process;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.WorkLedger;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks on at a real ledger and tells how each publication of a variant ended: {@code published} or
 * {@code refused} and the key.
 */
final class Watched {

  private final WorkLedger work;
  private final Consumer<String> tell;

  private Watched(WorkLedger work, Consumer<String> tell) {
    this.work = work;
    this.tell = tell;
  }

  /** The same ledger, looked on at. */
  static AssetLedger over(AssetLedger ledger, Consumer<String> tell) {
    Watched watched = new Watched(ledger.work(), tell);
    WorkLedger seen =
        proxy(WorkLedger.class, (proxy, m, args) -> watched.call(m.getName(), m, args));
    return proxy(
        AssetLedger.class,
        (proxy, method, args) ->
            method.getName().equals("work") ? seen : invoke(ledger, method, args));
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

  private Object call(String name, Method method, Object[] args) throws Throwable {
    if (name.equals("publish")) {
      return publish((VariantContent) args[1], method, args);
    }
    Object answer = invoke(work, method, args);
    if (name.equals("settle")) {
      for (int i = 0; i < ((List<?>) answer).size(); i++) {
        if (((List<?>) args[0]).get(i) instanceof Settlement.Rendered rendered) {
          Settled settled = (Settled) ((List<?>) answer).get(i);
          boolean done = settled.outcome() == Settled.Outcome.DONE;
          tell.accept((done ? "published " : "refused ") + rendered.content().key());
        }
      }
    }
    return answer;
  }

  private Object publish(VariantContent content, Method method, Object[] args) throws Throwable {
    try {
      Object answer = invoke(work, method, args);
      tell.accept("published " + content.key());
      return answer;
    } catch (LeaseLostException e) {
      tell.accept("refused " + content.key());
      throw e;
    }
  }
}
