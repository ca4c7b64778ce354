package dev.hfsm.delivery;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.OverloadedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Has one of all who want to know the same at the same time find out, on its own thread; the others
 * wait, and are told the same, a failure included. Nothing is remembered. Thread-safe.
 */
final class Together<K, V> {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Duration patience;
  private final ConcurrentMap<K, CompletableFuture<V>> under = new ConcurrentHashMap<>();

  /**
   * @param patience how long the others wait for the one
   */
  Together(Duration patience) {
    this.patience = patience;
  }

  /**
   * What {@code question} comes to, or came to for who was asking already.
   *
   * @param question is not to ask the same here again
   * @throws OverloadedException if somebody else takes too long
   */
  V find(K key, Supplier<V> question) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> first = under.putIfAbsent(key, mine);
    if (first != null) {
      return await(first);
    }
    try {
      V found = question.get();
      mine.complete(found);
      return found;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      under.remove(key, mine);
    }
  }

  private V await(CompletableFuture<V> answer) {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new OverloadedException("somebody else has been finding out for too long", RETRY_AFTER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BlobStoreException("interrupted while somebody else finds out", e, true);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HfsmException failed) {
        throw failed;
      }
      throw new IllegalStateException("somebody else could not find out", e.getCause());
    }
  }
}
