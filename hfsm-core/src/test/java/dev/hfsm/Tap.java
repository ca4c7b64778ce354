package dev.hfsm;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.storage.BlobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Stands in front of a real ledger and a real store: notes every call down, and lets a test step in
 * before or after one. Calls are named by role and method, for instance {@code intake.find}.
 */
final class Tap {
  /** Steps into a call; the default goes on. */
  interface Intercept {
    Object call(String name, Proceed proceed) throws Throwable;
  }

  interface Proceed {
    Object now() throws Throwable;

    /** What the call was given. */
    List<Object> arguments();
  }

  private static final List<String> ROLES =
      List.of(
          "intake",
          "work",
          "collector",
          "reader",
          "operator",
          "custody",
          "removals",
          "chores",
          "costs",
          "bell");
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile Intercept intercept = (name, proceed) -> proceed.now();

  List<String> calls() {
    return List.copyOf(calls);
  }

  long count(String name) {
    return calls.stream().filter(name::equals).count();
  }

  void forgetCalls() {
    calls.clear();
  }

  void intercept(Intercept next) {
    intercept = next;
  }

  /** Whether a call asks for variants, whether or not it claims them as well. */
  static boolean isRequest(String name) {
    return name.equals("intake.requestVariant") || name.equals("work.requestAndClaim");
  }

  /** How many calls asked for variants. */
  long requests() {
    return calls.stream().filter(Tap::isRequest).count();
  }

  /** Steps into the first call of that name, and never again. */
  void interceptOnce(String name, Intercept once) {
    interceptOnce(name::equals, once);
  }

  /** Steps into the first such call, and never again. */
  void interceptOnce(Predicate<String> which, Intercept once) {
    boolean[] done = {false};
    intercept(
        (called, proceed) -> {
          synchronized (done) {
            if (!which.test(called) || done[0]) {
              return proceed.now();
            }
            done[0] = true;
          }
          return once.call(called, proceed);
        });
  }

  AssetLedger over(AssetLedger ledger) {
    return (AssetLedger)
        Proxy.newProxyInstance(
            Tap.class.getClassLoader(),
            new Class<?>[] {AssetLedger.class},
            (proxy, method, args) -> {
              Object role = method.invoke(ledger, args);
              return ROLES.contains(method.getName())
                  ? tapped(method.getReturnType(), role, method.getName())
                  : role;
            });
  }

  BlobStore over(BlobStore blobs) {
    return (BlobStore) tapped(BlobStore.class, blobs, "blobs");
  }

  /** What a store is asked whether it can. */
  private static String capability(Object[] args) {
    return args != null && args[0] instanceof Class<?> type ? "(" + type.getSimpleName() + ")" : "";
  }

  private Object tapped(Class<?> type, Object target, String role) {
    return Proxy.newProxyInstance(
        Tap.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, args) -> {
          String name = role + "." + method.getName() + capability(args);
          calls.add(name);
          return intercept.call(
              name,
              new Proceed() {
                @Override
                public Object now() throws Throwable {
                  try {
                    return method.invoke(target, args);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }

                @Override
                public List<Object> arguments() {
                  return args == null ? List.of() : List.of(args);
                }
              });
        });
  }
}
