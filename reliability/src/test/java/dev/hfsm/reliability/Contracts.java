package dev.hfsm.reliability;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.queue.WorkQueue;
import dev.hfsm.storage.BlobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in front of a real ledger, store or queue: every call of a contract passes a gate. Calls
 * are named by role and method, for instance {@code intake.find}.
 */
final class Contracts {

  /** Lets a call pass, or does not. */
  interface Gate {
    Object pass(String call, Call proceed) throws Throwable;
  }

  /** The call itself. */
  interface Call {
    Object now() throws Throwable;
  }

  private Contracts() {}

  static AssetLedger over(AssetLedger ledger, Gate gate) {
    Map<Method, Object> roles = new ConcurrentHashMap<>();
    return AssetLedger.class.cast(
        Proxy.newProxyInstance(
            Contracts.class.getClassLoader(),
            new Class<?>[] {AssetLedger.class},
            (proxy, method, args) -> {
              boolean role =
                  method.getParameterCount() == 0 && method.getReturnType().isInterface();
              if (!role) {
                return invoke(ledger, method, args);
              }
              return roles.computeIfAbsent(
                  method, m -> gated(m.getReturnType(), invokeRole(ledger, m), m.getName(), gate));
            }));
  }

  static BlobStore over(BlobStore blobs, Gate gate) {
    return gated(BlobStore.class, blobs, "blobs", gate);
  }

  static WorkQueue over(WorkQueue queue, Gate gate) {
    return gated(WorkQueue.class, queue, "queue", gate);
  }

  private static <T> T gated(Class<T> type, Object target, String role, Gate gate) {
    return type.cast(
        Proxy.newProxyInstance(
            Contracts.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              boolean contract = method.getDeclaringClass() != Object.class;
              if (!contract || method.getName().equals("close")) {
                return invoke(target, method, args);
              }
              return gate.pass(role + "." + method.getName(), () -> invoke(target, method, args));
            }));
  }

  private static Object invokeRole(AssetLedger ledger, Method method) {
    try {
      return method.invoke(ledger);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
