package dev.hfsm.transform;

import dev.hfsm.model.MediaType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a variant is written as. */
public enum Format {
  /** Chosen from the source; resolved before a variant is named. */
  AUTO(null, ""),
  JPEG(MediaType.JPEG, "jpg"),
  PNG(MediaType.PNG, "png"),
  WEBP(MediaType.WEBP, "webp"),
  /** At most 256 colours a frame; an animation keeps its frames, as it does in WebP. */
  GIF(MediaType.GIF, "gif");

  private final @Nullable MediaType mediaType;
  private final String extension;

  Format(@Nullable MediaType mediaType, String extension) {
    this.mediaType = mediaType;
    this.extension = extension;
  }

  /** The media type; empty for {@link #AUTO}. */
  public Optional<MediaType> mediaType() {
    return Optional.ofNullable(mediaType);
  }

  /** The usual file extension without a dot; empty for {@link #AUTO}. */
  public String extension() {
    return extension;
  }

  /** Whether the format has a quality setting. */
  public boolean isLossy() {
    return this != PNG && this != GIF;
  }
}
