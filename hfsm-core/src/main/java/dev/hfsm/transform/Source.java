package dev.hfsm.transform;

import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import java.nio.file.Path;
import java.util.Map;

/**
 * The bytes to look at or to work on.
 *
 * @param type what they are, read from the bytes
 * @param facts what is known about them so far
 * @param file a local file that holds them; to be read only, and only during the call
 * @param companions the other assets that recipes name, such as watermarks, by their digests; as
 *     short-lived as the file, and without companions of their own
 */
public record Source(MediaType type, Facts facts, Path file, Map<Digest, Source> companions) {

  /** Copies the map. */
  public Source {
    companions = Map.copyOf(companions);
  }

  /** A source that stands for itself. */
  public Source(MediaType type, Facts facts, Path file) {
    this(type, facts, file, Map.of());
  }

  /** The same with this one other asset at hand. */
  public Source with(Digest digest, Source companion) {
    return new Source(type, facts, file, Map.of(digest, companion));
  }
}
