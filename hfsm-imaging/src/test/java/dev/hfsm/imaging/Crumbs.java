package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A sound file of a type with any number of empty parts behind the picture, each of a few bytes.
 *
 * @param head the file up to where they are put
 * @param tail the rest
 * @param kept an empty part of the picture
 * @param left one that is no part of it
 */
record Crumbs(MediaType type, byte[] head, byte[] tail, byte[] kept, byte[] left) {

  private static final int SIDE = 16;
  private static final byte[] STILL = EveryKind.emptyWebp(SIDE);
  private static final int RIFF_HEAD = 12;
  private static final int BITMAP = STILL.length - RIFF_HEAD;
  private static final int FRAME_HEAD = 16;
  private static final int AROUND = 8 + FRAME_HEAD;

  static Crumbs of(MediaType type) {
    return switch (type.text()) {
      case "image/jpeg" -> {
        byte[] jpeg = Samples.jpeg(Samples.spec(40, 24));
        yield of(type, jpeg, 2, text("\u00FF\u00DB\0\2"), text("\u00FF\u00FE\0\2"));
      }
      case "image/png" -> of(type, Samples.png(40, 24, 3), 12, chunk("IDAT"), chunk("tEXt"));
      case "image/gif" -> of(type, gif(), 1, text("!\u00FF\13NETSCAPE2.0\0"), text("!\u00FE\0"));
      case "image/webp" -> of(type, STILL, 0, text("ALPH\0\0\0\0"), text("seCr\0\0\0\0"));
      default -> throw new IllegalArgumentException(type.text());
    };
  }

  private static byte[] gif() {
    return AnimationTest.gif(
        40,
        24,
        2,
        OptionalInt.of(0),
        i -> Pictures.image(40, 24, EngineFixture.RGB, (x, y) -> x * 0x50000 + i));
  }

  private static Crumbs of(MediaType type, byte[] file, int tail, byte[] kept, byte[] left) {
    int at = file.length - tail;
    return new Crumbs(
        type, Arrays.copyOf(file, at), Arrays.copyOfRange(file, at, file.length), kept, left);
  }

  /** With so many empty parts, side by side or each kept apart by one that is left out. */
  byte[] file(int count, boolean apart) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head);
    for (int i = 0; i < count; i++) {
      if (apart) {
        out.writeBytes(left);
      }
      out.writeBytes(kept);
    }
    out.writeBytes(tail);
    return type.equals(MediaType.WEBP) ? riff(out.toByteArray()) : out.toByteArray();
  }

  /** A WebP of so many frames. */
  static byte[] frames(int count) {
    ByteBuffer out = webp(count * (AROUND + BITMAP));
    for (int i = 0; i < count; i++) {
      frame(out, BITMAP);
      out.put(STILL, RIFF_HEAD, BITMAP);
    }
    return riff(out.array());
  }

  /** A WebP of one frame with a picture, in which so many frames lie, one in the other. */
  static byte[] nestedFrames(int depth) {
    ByteBuffer out = webp(AROUND + BITMAP + depth * AROUND);
    frame(out, out.remaining() - AROUND);
    out.put(STILL, RIFF_HEAD, BITMAP);
    for (int i = 0; i < depth; i++) {
      frame(out, out.remaining() - AROUND);
    }
    return riff(out.array());
  }

  private static ByteBuffer webp(int length) {
    ByteBuffer out = ByteBuffer.allocate(RIFF_HEAD + length).order(ByteOrder.LITTLE_ENDIAN);
    return out.put(STILL, 0, RIFF_HEAD);
  }

  /** The beginning of one with so many bytes in it. */
  private static void frame(ByteBuffer out, int length) {
    byte[] head = new byte[FRAME_HEAD];
    head[6] = SIDE - 1;
    head[9] = SIDE - 1;
    out.put(text("ANMF")).putInt(FRAME_HEAD + length).put(head);
  }

  private static byte[] riff(byte[] file) {
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, file.length - 8);
    return file;
  }

  private static byte[] chunk(String name) {
    byte[] with = Pictures.withChunk(new byte[33], name, new byte[0]);
    return Arrays.copyOfRange(with, 33, with.length);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
