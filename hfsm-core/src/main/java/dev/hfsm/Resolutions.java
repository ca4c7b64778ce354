package dev.hfsm;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.transform.Accept;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.time.Duration;
import java.util.List;

/**
 * Which variant it is that somebody wants. What is asked for again and again is settled once, for
 * as long as the facts are the same ones. Thread-safe.
 */
final class Resolutions {

  private static final int MOST = 10_000;

  /** What nobody asks for any more keeps no facts on the heap for longer than that. */
  private static final Duration MEMORY = Duration.ofMinutes(1);

  private final List<Transformer> transformers;
  private final int priority;
  private final Cache<Question, Settled> settled =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(MEMORY).build();

  /**
   * @param priority of what is requested
   */
  Resolutions(List<Transformer> transformers, int priority) {
    this.transformers = transformers;
    this.priority = priority;
  }

  /** Everything that the answer follows from, but for the facts. */
  private record Question(AssetId asset, Transformation recipe, String accept) {}

  private record Settled(Facts facts, VariantRequest request) {}

  VariantRequest of(AssetRow asset, Wanted wanted) {
    Question question = new Question(asset.id(), wanted.recipe(), accept(wanted));
    Settled known = settled.getIfPresent(question);
    if (known != null && known.facts == asset.facts()) {
      return known.request;
    }
    VariantRequest request = request(asset, wanted);
    settled.put(question, new Settled(asset.facts(), request));
    return request;
  }

  private static String accept(Wanted wanted) {
    return wanted.recipe().format() == Format.AUTO
        ? wanted.accept().map(Accept::aboutFormats).orElse("")
        : "";
  }

  private VariantRequest request(AssetRow asset, Wanted wanted) {
    Wanted.Resolved resolved = wanted.resolve(asset.facts(), transformers);
    String text = resolved.recipe().canonical();
    TransformerId transformer = resolved.transformer().id();
    VariantKey key = VariantKey.of(asset.id().digest(), text, transformer);
    return new VariantRequest(asset.id(), key, text, transformer, priority);
  }
}
