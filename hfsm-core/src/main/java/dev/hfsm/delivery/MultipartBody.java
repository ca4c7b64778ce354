package dev.hfsm.delivery;

import dev.hfsm.model.MediaType;
import dev.hfsm.storage.ByteRange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Several parts of one representation (RFC 9110, section 14.6), each opened when its turn comes.
 */
final class MultipartBody extends DeliveryBody {

  private final List<ByteRange> parts;
  private final List<byte[]> heads;
  private final byte[] end;
  private final Representation.Opener opener;

  MultipartBody(
      List<ByteRange> parts,
      String boundary,
      MediaType type,
      long size,
      Representation.Opener opener) {
    this(parts, heads(parts, boundary, type, size), ascii("\r\n--" + boundary + "--\r\n"), opener);
  }

  private MultipartBody(
      List<ByteRange> parts, List<byte[]> heads, byte[] end, Representation.Opener opener) {
    super(
        parts.stream().mapToLong(ByteRange::length).sum()
            + heads.stream().mapToLong(head -> head.length).sum()
            + end.length);
    this.parts = parts;
    this.heads = heads;
    this.end = end;
    this.opener = opener;
  }

  private static List<byte[]> heads(
      List<ByteRange> parts, String boundary, MediaType type, long size) {
    List<byte[]> heads = new ArrayList<>();
    for (ByteRange part : parts) {
      heads.add(
          ascii(
              "%s--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
                  .formatted(
                      heads.isEmpty() ? "" : "\r\n",
                      boundary,
                      type,
                      Ranges.contentRange(part, size))));
    }
    return heads;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    for (int i = 0; i < parts.size(); i++) {
      out.write(heads.get(i));
      try (DeliveryBody part = opener.open(parts.get(i))) {
        part.writeTo(out);
      }
    }
    out.write(end);
  }
}
