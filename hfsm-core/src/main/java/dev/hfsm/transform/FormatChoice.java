package dev.hfsm.transform;

import dev.hfsm.model.MediaType;

/** What {@link Format#AUTO} becomes. */
final class FormatChoice {

  private FormatChoice() {}

  /** See {@link Transformation#negotiate}. */
  static Format of(Accept accept, Picture picture) {
    boolean moves =
        picture.motion() == Motion.ANIMATED
            && (picture.type().equals(MediaType.GIF) || picture.type().equals(MediaType.WEBP));
    if (moves && webp(accept, MediaType.GIF)) {
      return Format.WEBP;
    }
    return moves && accept.weight(MediaType.GIF) > 0
        ? Format.GIF
        : still(accept, picture.alpha(), picture.content());
  }

  /** Whether the client can be given the format that the picture has, if variants can have it. */
  static boolean takesItself(Accept accept, Picture picture) {
    boolean same =
        of(picture.type(), picture.alpha(), Motion.ANIMATED)
            .mediaType()
            .filter(picture.type()::equals)
            .isPresent();
    return same
        && (picture.type().equals(MediaType.WEBP)
            ? accept.names(MediaType.WEBP)
            : accept.weight(picture.type()) > 0);
  }

  /** Whether the client names WebP, and wants it no less than what it would get otherwise. */
  private static boolean webp(Accept accept, MediaType otherwise) {
    return accept.names(MediaType.WEBP)
        && accept.weight(MediaType.WEBP) >= accept.weight(otherwise);
  }

  private static Format still(Accept accept, Alpha alpha, Content content) {
    boolean lossless = content == Content.GRAPHIC || alpha == Alpha.PRESENT;
    MediaType first = lossless ? MediaType.PNG : MediaType.JPEG;
    MediaType second = lossless ? MediaType.JPEG : MediaType.PNG;
    boolean swapped =
        alpha == Alpha.ABSENT && accept.weight(first) == 0 && accept.weight(second) > 0;
    MediaType plain = swapped ? second : first;
    boolean exact =
        content == Content.GRAPHIC && plain.equals(MediaType.PNG) && accept.weight(plain) > 0;
    if (webp(accept, plain) && !exact) {
      return Format.WEBP;
    }
    return plain.equals(MediaType.PNG) ? Format.PNG : Format.JPEG;
  }

  /** See {@link Transformation#resolve}. */
  static Format of(MediaType source, Alpha alpha, Motion motion) {
    if (source.equals(MediaType.GIF)) {
      return motion == Motion.ANIMATED ? Format.GIF : Format.PNG;
    }
    for (Format format : Format.values()) {
      if (format.mediaType().filter(source::equals).isPresent()) {
        return format;
      }
    }
    return alpha == Alpha.PRESENT ? Format.PNG : Format.JPEG;
  }
}
