package dev.hfsm.imaging;

import dev.hfsm.imaging.color.MadeProfiles;
import dev.hfsm.imaging.gif.GifWriter;
import dev.hfsm.imaging.jpegenc.JpegSpec;
import dev.hfsm.model.MediaType;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;

/**
 * A small file of every kind that is read, made here, with everything in it that no variant may
 * carry: whatever may give its owner away says {@value #SECRET}.
 */
final class EveryKind {

  static final String SECRET = "SECRET";

  /** Of which type a file is, by its name. */
  static MediaType type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return new MediaType(
        switch (ending) {
          case "jpg" -> "image/jpeg";
          case "tif" -> "image/tiff";
          case "psd" -> "image/vnd.adobe.photoshop";
          case "ico" -> "image/x-icon";
          case "dng" -> "image/x-adobe-dng";
          default -> "image/" + ending;
        });
  }

  private EveryKind() {}

  static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    JpegSpec spec = Samples.spec(96, 64);
    files.put("baseline.jpg", stuffedJpeg(Samples.jpeg(spec)));
    files.put("progressive.jpg", stuffedJpeg(Samples.jpeg(spec.with(JpegSpec.Scans.PROGRESSIVE))));
    files.put("p3.jpg", stuffedJpeg(Samples.jpeg(spec.withProfile(Samples.displayP3()))));
    files.put("inks.jpg", stuffedJpeg(inks()));
    files.put("colors.png", stuffedPng(Samples.png(96, 64, 3)));
    files.put("alpha.png", stuffedPng(Samples.png(96, 64, 4)));
    files.put("pages.gif", stuffedGif(gif()));
    files.put("plain.bmp", bmp(40));
    files.put("profile.bmp", bmp(124));
    files.put("plain.tif", tiff(1, picture()));
    files.put("profile.tif", tiff(1, picture(), ICC, MadeProfiles.inks()));
    files.put("jpeg.tif", tiff(7, Samples.jpeg(spec)));
    files.put("inks.tif", inksInTiff(new int[] {200, 30, 90, 10}, MadeProfiles.inks()));
    for (String compression : List.of("LZW", "Deflate", "PackBits", "JPEG")) {
      files.put(compression.toLowerCase(java.util.Locale.ROOT) + ".tif", written(compression));
    }
    files.put("merged.psd", PhotoshopAndIconTest.psd(3, 8, 1, true, false, p -> p, p -> p, p -> p));
    byte[] small = Samples.png(48, 48, 4);
    files.put(
        "two.ico",
        PhotoshopAndIconTest.ico(
            Map.of(16, PhotoshopAndIconTest.bitmap(16, 8, true), 48, stuffedPng(small))));
    files.put(
        "bitmap.ico",
        PhotoshopAndIconTest.ico(Map.of(32, PhotoshopAndIconTest.bitmap(32, 24, true))));
    byte[] preview = stuffedJpeg(Samples.jpeg(spec));
    files.put(
        "preview.dng",
        RawPreviewTest.raw(
            ByteOrder.LITTLE_ENDIAN, 6, Samples.jpeg(Samples.spec(16, 16)), preview));
    if (WebpNative.available()) {
      files.put("lossy.webp", stuffedWebp(webp(false)));
      files.put("lossless.webp", stuffedWebp(webp(true)));
    }
    return files;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] stuffedJpeg(byte[] jpeg) {
    byte[] thumbnail = Samples.jpeg(Samples.spec(16, 16));
    byte[] full = Pictures.withSegment(jpeg, 0xFE, text("SECRETCOMMENT"));
    full =
        Pictures.withSegment(
            full, 0xED, text("Photoshop 3.0\0" + "8BIM\4\4\0\0\0\0\0\14SECRETIPTC!!"));
    full = Pictures.withSegment(full, 0xE2, text("MPF\0SECRETPICTURES"));
    full =
        Pictures.withSegment(
            full, 0xE1, text("http://ns.adobe.com/xmp/extension/\0SECRETEXTENSION"));
    full = Pictures.withSegment(full, 0xE1, text("http://ns.adobe.com/xap/1.0/\0<SECRETXMP/>"));
    full = Pictures.withSegment(full, 0xEB, text("SECRETBOX"));
    byte[] exif = Pictures.concat(text("Exif\0\0"), exif(thumbnail));
    return Pictures.concat(Pictures.withSegment(full, 0xE1, exif), text("SECRETTRAILER"), jpeg);
  }

  /** Camera, maker note, place and thumbnail. */
  static byte[] exif(byte[] thumbnail) {
    ByteBuffer out = ByteBuffer.allocate(600 + thumbnail.length);
    out.put(text("MM\0\52")).putInt(8);
    int texts = 300;
    out.putShort((short) 4);
    entry(out, 0x10F, 2, 12, texts);
    entry(out, 0x112, 3, 1, 1 << 16);
    entry(out, 0x8769, 4, 1, 80);
    entry(out, 0x8825, 4, 1, 120);
    out.putInt(200);
    out.position(80).putShort((short) 1);
    entry(out, 0x927C, 7, 12, texts + 20);
    out.putInt(0);
    out.position(120).putShort((short) 4);
    entry(out, 1, 2, 2, 'N' << 24);
    entry(out, 2, 5, 3, texts + 40);
    entry(out, 3, 2, 2, 'E' << 24);
    entry(out, 4, 5, 3, texts + 40);
    out.putInt(0);
    out.position(200).putShort((short) 2);
    entry(out, 0x201, 4, 1, 400);
    entry(out, 0x202, 4, 1, thumbnail.length);
    out.putInt(0);
    out.put(texts, text("SECRETMAKER\0")).put(texts + 20, text("SECRETNOTES\0"));
    for (int i = 0; i < 3; i++) {
      out.putInt(texts + 40 + 8 * i, 48 - i).putInt(texts + 44 + 8 * i, 1);
    }
    out.put(400, thumbnail);
    return java.util.Arrays.copyOf(out.array(), 400 + thumbnail.length);
  }

  private static void entry(ByteBuffer out, int tag, int type, int count, int value) {
    out.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
  }

  private static byte[] stuffedPng(byte[] png) {
    byte[] full = Pictures.withChunk(png, "tEXt", text("Comment\0SECRETTEXT"));
    byte[] deflated = Pictures.deflated(text("SECRETZTEXT"));
    full = Pictures.withChunk(full, "zTXt", Pictures.concat(text("Author\0\0"), deflated));
    full =
        Pictures.withChunk(
            full, "iTXt", text("XML:com.adobe.xmp\0\0\0\0\0<SECRETXMP>in xmp</SECRETXMP>"));
    full = Pictures.withChunk(full, "eXIf", exif(Samples.jpeg(Samples.spec(16, 16))));
    full = Pictures.withChunk(full, "tIME", new byte[] {7, (byte) 0xEA, 1, 2, 3, 4, 5});
    full = Pictures.withChunk(full, "seCr", text("SECRETCHUNK"));
    return Pictures.concat(full, text("SECRETTRAILER"));
  }

  private static byte[] gif() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      GifWriter writer = new GifWriter(96, 64, OptionalInt.of(0), out, () -> {});
      for (int frame = 0; frame < 2; frame++) {
        byte[] rgba = new byte[4 * 96 * 64];
        for (int i = 0; i < rgba.length; i += 4) {
          rgba[i] = (byte) (i / 400);
          rgba[i + 1] = (byte) (100 * frame);
          rgba[i + 3] = (byte) 255;
        }
        writer.frame(rgba, 5);
      }
      writer.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Extensions right after the head, which has no palette here. */
  private static byte[] stuffedGif(byte[] gif) {
    int head = (gif[10] & 0x80) == 0 ? 13 : 13 + 3 * (2 << (gif[10] & 7));
    byte[] extensions =
        Pictures.concat(
            text("!\u00FE\15SECRETCOMMENT\0"), text("!\u00FF\13XMP DataXMP\11SECRETXMP\0"));
    return Pictures.concat(
        java.util.Arrays.copyOf(gif, head),
        extensions,
        java.util.Arrays.copyOfRange(gif, head, gif.length),
        text("SECRETTRAILER"));
  }

  private static byte[] picture() {
    byte[] rgb = new byte[3 * 96 * 64];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 70);
    }
    return rgb;
  }

  private static byte[] bmp(int header) {
    byte[] secret = text("SECRETGAP");
    byte[] profile = header == 124 ? Samples.displayP3() : new byte[0];
    int data = 14 + header + secret.length;
    byte[] pixels = picture();
    ByteBuffer out =
        ByteBuffer.allocate(data + pixels.length + profile.length + secret.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(text("BM")).putInt(out.capacity()).putInt(0).putInt(data);
    out.putInt(header).putInt(96).putInt(64).putShort((short) 1).putShort((short) 24);
    if (header == 124) {
      out.put(14 + 56, text("DEBM")).putInt(14 + 112, data + pixels.length - 14);
      out.putInt(14 + 116, profile.length);
    }
    out.position(14 + header).put(secret).put(pixels).put(profile).put(secret);
    return out.array();
  }

  private static final int ICC = 34675;

  private static byte[] tiff(int compression, byte[] strip) {
    return tiff(compression, strip, 700, text("<SECRETXMP/>"));
  }

  /** A TIFF of one colour in four inks. */
  static byte[] inksInTiff(int[] inks, byte[] profile) {
    byte[] strip = new byte[4 * 96 * 64];
    for (int i = 0; i < strip.length; i++) {
      strip[i] = (byte) inks[i % 4];
    }
    byte[] file = tiff(1, strip, ICC, profile);
    ByteBuffer in = ByteBuffer.wrap(file);
    for (int entry = 10; in.getShort(8) * 12 > entry - 10; entry += 12) {
      if (in.getShort(entry) == 262) {
        in.putShort(entry + 8, (short) 5);
      } else if (in.getShort(entry) == 277) {
        in.putShort(entry + 8, (short) 4);
      }
    }
    return file;
  }

  /** 96 × 64 in one strip, with one more field. */
  private static byte[] tiff(int compression, byte[] strip, int tag, byte[] more) {
    byte[] secret = text("SECRETSOFTWARE\0");
    Map<Integer, int[]> fields = new TreeMap<>();
    int data = 8 + 2 + 12 * 13 + 4;
    boolean jpeg = compression == 7;
    fields.put(256, new int[] {4, 1, 96});
    fields.put(257, new int[] {4, 1, 64});
    fields.put(258, new int[] {3, 1, 8 << 16});
    fields.put(259, new int[] {3, 1, compression << 16});
    fields.put(262, new int[] {3, 1, (jpeg ? 6 : 2) << 16});
    fields.put(273, new int[] {4, 1, data});
    fields.put(277, new int[] {3, 1, 3 << 16});
    fields.put(278, new int[] {4, 1, 64});
    fields.put(279, new int[] {4, 1, strip.length});
    fields.put(305, new int[] {2, secret.length, data + strip.length});
    fields.put(315, new int[] {2, secret.length, data + strip.length});
    fields.put(tag, new int[] {7, more.length, data + strip.length + secret.length});
    fields.put(34665, new int[] {4, 1, 8});
    ByteBuffer out = ByteBuffer.allocate(data + strip.length + secret.length + more.length);
    out.put(text("MM\0\52")).putInt(8).putShort((short) fields.size());
    fields.forEach((name, f) -> entry(out, name, f[0], f[1], f[2]));
    out.putInt(8).put(strip).put(secret).put(more);
    return out.array();
  }

  private static byte[] written(String compression) {
    BufferedImage image =
        Pictures.image(96, 64, BufferedImage.TYPE_3BYTE_BGR, (x, y) -> x * 0x020100 + y * 3);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      var param = writer.getDefaultWriteParam();
      param.setCompressionMode(javax.imageio.ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionType(compression);
      writer.write(null, new IIOImage(image, null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static byte[] inks() {
    var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 96, 64, 4, null);
    for (int i = 0; i < 96 * 64; i++) {
      raster.setPixel(i % 96, i / 96, new int[] {i % 256, i / 96 * 3, 90, i % 50});
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    byte[] profile = Pictures.concat(text("ICC_PROFILE\0\1\1"), MadeProfiles.inks());
    return Pictures.withSegment(bytes.toByteArray(), 0xE2, profile);
  }

  private static byte[] webp(boolean lossless) {
    Canvas canvas = new Canvas(96, 64, 4);
    for (int i = 0; i < canvas.data.length; i++) {
      canvas.data[i] = (byte) (i / 70);
    }
    var recipe = dev.hfsm.transform.Transformation.image();
    return WebpNative.encode(canvas, lossless ? recipe.losslessWebp() : recipe.quality(80));
  }

  private static byte[] stuffedWebp(byte[] webp) {
    byte[] extended = {'V', 'P', '8', 'X', 10, 0, 0, 0, 0x1C, 0, 0, 0, 95, 0, 0, 63, 0, 0};
    int from = webp[15] == 'X' ? 30 : 12;
    List<byte[]> parts = new ArrayList<>();
    parts.add(text("RIFF\0\0\0\0WEBP"));
    parts.add(extended);
    parts.add(java.util.Arrays.copyOfRange(webp, from, webp.length));
    parts.add(chunk("EXIF", exif(Samples.jpeg(Samples.spec(16, 16)))));
    parts.add(chunk("XMP ", text("<SECRETXMP/>")));
    parts.add(chunk("seCr", text("SECRETCHUNK!")));
    byte[] all = Pictures.concat(parts.toArray(byte[][]::new));
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(4, all.length - 8);
    return Pictures.concat(all, text("SECRETTRAILER"));
  }

  private static byte[] chunk(String name, byte[] body) {
    ByteBuffer out =
        ByteBuffer.allocate(8 + body.length + body.length % 2).order(ByteOrder.LITTLE_ENDIAN);
    return out.put(text(name)).putInt(body.length).put(body).array();
  }

  /** A lossless WebP that says how large it is and then nothing. */
  static byte[] emptyWebp(int side) {
    ByteBuffer out = ByteBuffer.allocate(12 + 8 + 6).order(ByteOrder.LITTLE_ENDIAN);
    out.put(text("RIFF")).putInt(18).put(text("WEBPVP8L")).putInt(5).put((byte) 0x2F);
    return out.putInt(side - 1 | side - 1 << 14).array();
  }

  /** A TIFF whose directories follow one another in a circle. */
  static byte[] circle() {
    byte[] file = tiff(1, picture());
    ByteBuffer in = ByteBuffer.wrap(file);
    int count = in.getShort(8);
    in.putInt(10 + 12 * count, 8);
    return file;
  }

  /** A TIFF of JPEG that says a second time how it is compressed, and there that it is not. */
  static byte[] compressedTwice() {
    byte[] file = tiff(7, Samples.jpeg(Samples.spec(96, 64)));
    ByteBuffer in = ByteBuffer.wrap(file);
    for (int entry = 10; in.getShort(8) * 12 > entry - 10; entry += 12) {
      if (in.getShort(entry) == 305) {
        in.position(entry);
        entry(in, 259, 3, 1, 1 << 16);
      }
    }
    return file;
  }

  /** A BMP that holds a JPEG, with a header that is too short to say so. */
  static byte[] jpegInBmp(int header) {
    byte[] jpeg = Samples.jpeg(Samples.spec(96, 64));
    ByteBuffer out = ByteBuffer.allocate(54 + jpeg.length + 96 * 64 * 3);
    out.order(ByteOrder.LITTLE_ENDIAN).put(text("BM")).putInt(out.capacity()).putInt(0).putInt(54);
    out.putInt(header).putInt(96).putInt(64).putShort((short) 1).putShort((short) 24);
    out.putInt(4).putInt(jpeg.length).position(54);
    return out.put(jpeg).array();
  }

  /** A run-length coded BMP of nothing but steps to the right that are none. */
  static byte[] emptyBmp(int side, int steps) {
    ByteBuffer out = ByteBuffer.allocate(54 + 1024 + 4 * steps).order(ByteOrder.LITTLE_ENDIAN);
    out.put(text("BM")).putInt(out.capacity()).putInt(0).putInt(54 + 1024);
    out.putInt(40).putInt(side).putInt(side).putShort((short) 1).putShort((short) 8);
    out.putInt(1).putInt(4 * steps).position(54 + 1024);
    for (int i = 0; i < steps; i++) {
      out.put((byte) 0).put((byte) 2).put((byte) 0).put((byte) 0);
    }
    return out.array();
  }
}
