package dev.hfsm;

import dev.hfsm.error.NoTransformerException;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Accept;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Picture;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.util.List;
import java.util.Optional;

/**
 * What somebody asks for.
 *
 * @param recipe with {@code auto} values as they were said
 * @param accept what the client takes, if a client is asking
 */
record Wanted(Transformation recipe, Optional<Accept> accept) {

  static Wanted byAnyone(Transformation recipe) {
    return new Wanted(recipe, Optional.empty());
  }

  static Wanted by(Accept accept, Transformation recipe) {
    return new Wanted(recipe, Optional.of(accept));
  }

  /** What a variant is named after, and who makes it. */
  record Resolved(Transformation recipe, Transformer transformer) {}

  /**
   * Settles what is left open, once and before a variant is named. A format that no transformer
   * here can make is not negotiated.
   */
  Resolved resolve(Facts facts, List<Transformer> transformers) {
    return find(facts, transformers)
        .orElseThrow(
            () ->
                new NoTransformerException(
                    "no transformer makes "
                        + recipe.resolve(Picture.of(facts))
                        + " of "
                        + Picture.of(facts).type()));
  }

  /** The same; empty if nobody here makes it. */
  Optional<Resolved> find(Facts facts, List<Transformer> transformers) {
    Picture picture = Picture.of(facts);
    if (accept.isPresent() && recipe.format() == Format.AUTO) {
      Accept left = accept.get();
      for (int i = 0; i < Format.values().length; i++) {
        Transformation chosen = recipe.negotiate(left, picture).resolve(picture);
        Optional<Transformer> maker = maker(picture.type(), chosen, transformers);
        if (maker.isPresent()) {
          return Optional.of(new Resolved(chosen, maker.get()));
        }
        left = left.without(chosen.format().mediaType().orElseThrow());
      }
    }
    Transformation plain = recipe.resolve(picture);
    return maker(picture.type(), plain, transformers)
        .map(transformer -> new Resolved(plain, transformer));
  }

  private static Optional<Transformer> maker(
      MediaType type, Transformation resolved, List<Transformer> transformers) {
    return transformers.stream().filter(t -> t.accepts(type, resolved)).findFirst();
  }
}
