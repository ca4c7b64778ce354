package dev.hfsm.transform;

import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import java.util.Set;

/**
 * What a picture is, as far as the choice of a format for its variants goes.
 *
 * @param type what its bytes are
 * @param alpha whether it has transparency
 * @param motion whether it moves
 * @param content what kind of picture it is
 */
public record Picture(MediaType type, Alpha alpha, Motion motion, Content content) {

  /** What has several pictures here has pages, layers or sizes, and not frames. */
  private static final Set<String> STILL =
      Set.of(
          "image/tiff",
          "image/x-icon",
          "image/vnd.microsoft.icon",
          "image/vnd.adobe.photoshop",
          "application/pdf");

  /** What an asset's facts say; what they do not say is taken for opaque, still and a photo. */
  public static Picture of(Facts facts) {
    MediaType type = facts.get(Fact.MEDIA_TYPE).orElse(MediaType.OCTET_STREAM);
    boolean several = facts.get(Fact.FRAMES).orElse(1) > 1;
    return new Picture(
        type,
        facts.get(Fact.ALPHA).orElse(false) ? Alpha.PRESENT : Alpha.ABSENT,
        several && !STILL.contains(type.text()) ? Motion.ANIMATED : Motion.STILL,
        facts.get(Fact.GRAPHIC).orElse(false) ? Content.GRAPHIC : Content.PHOTO);
  }
}
