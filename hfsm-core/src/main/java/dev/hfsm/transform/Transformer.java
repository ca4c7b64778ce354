package dev.hfsm.transform;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import java.util.List;

/**
 * Understands some media types: reads facts from them and makes variants. Implementations are
 * thread-safe, keep nothing between calls, and treat every byte as hostile.
 */
public interface Transformer {

  /** Name and output version; the version changes only when output bytes change on purpose. */
  TransformerId id();

  /** Whether {@link #inspect} can read facts from sources of this type. */
  boolean inspects(MediaType source);

  /** Whether {@link #render} can make this variant of a source of this type. */
  boolean accepts(MediaType source, Transformation resolved);

  /**
   * Reads facts.
   *
   * @throws RejectedMediaException if the source claims to be of its type and cannot be decoded, or
   *     is beyond the limits
   * @throws LimitExceededException if memory is short
   * @throws TransformationException if time is short
   */
  Facts inspect(Source source, Budget budget);

  /**
   * Makes variants. They are asked for together so that one decode can serve all; each depends only
   * on the source and its own recipe, bit for bit.
   *
   * @param wanted recipes with {@link Format#AUTO} resolved, each accepted by {@link #accepts}
   * @return one rendition for each recipe, in the same order
   * @throws RejectedMediaException if the source cannot be decoded
   * @throws LimitExceededException if memory is short
   * @throws TransformationException if time is short, or a recipe cannot be applied to this source
   */
  List<Rendition> render(Source source, List<Transformation> wanted, Budget budget);
}
