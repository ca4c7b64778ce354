package dev.hfsm.internal.sniff;

import dev.hfsm.model.MediaType;
import java.util.Optional;

/** Ogg (RFC 3533): what is inside stands at the start of the first page. */
final class OggMedia {

  private static final MediaType AUDIO = new MediaType("audio/ogg");
  private static final MediaType VIDEO = new MediaType("video/ogg");

  private OggMedia() {}

  static Optional<MediaType> sniff(Head head) {
    if (!head.at(0, "OggS") || head.u8(4) != 0) {
      return Optional.empty();
    }
    // Every stream's first page comes before any data, so a picture shows near the start.
    return Optional.of(head.indexOf("\u0001video", 1024) >= 0 || theora(head) ? VIDEO : AUDIO);
  }

  private static boolean theora(Head head) {
    int name = head.indexOf("theora", 1024);
    return name > 0 && head.u8(name - 1) == 0x80;
  }
}
