package dev.hfsm.internal;

import dev.hfsm.model.MediaType;

/** Reads the media type from the first bytes. */
public final class MediaTypeSniffer {

  private MediaTypeSniffer() {}

  /** The type of content that starts with {@code length} bytes of {@code head}. */
  public static MediaType sniff(byte[] head, int length) {
    if (length > 3 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xFF) == 0xD8) {
      return MediaType.JPEG;
    }
    if (length > 3 && head[1] == 'P' && head[2] == 'N' && head[3] == 'G') {
      return MediaType.PNG;
    }
    return MediaType.OCTET_STREAM;
  }
}
