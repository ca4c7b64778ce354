package dev.hfsm.imaging;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/** Which types are known, and who reads their headers. */
final class Headers {

  private static final Set<MediaType> OWN = Set.of(MediaType.JPEG, MediaType.PNG, MediaType.GIF);

  /** Those whose pixels come as the JDK's images. */
  private static final Set<MediaType> ON_DESKTOP =
      Set.of(
          MediaType.WEBP,
          MediaType.BMP,
          MediaType.TIFF,
          new MediaType("image/vnd.adobe.photoshop"),
          new MediaType("image/vnd.microsoft.icon"),
          new MediaType("image/x-icon"));

  private static final Set<String> MEASURED =
      Set.of("image/avif", "image/heic", "image/heif", "image/jp2");

  private Headers() {}

  /** Whether this JVM has java.desktop, which an application image may leave out. */
  private static final boolean DESKTOP = ModuleLayer.boot().findModule("java.desktop").isPresent();

  static boolean decodes(MediaType type) {
    return OWN.contains(type) || DESKTOP && ON_DESKTOP.contains(type);
  }

  static boolean measures(MediaType type) {
    return MEASURED.contains(type.text());
  }

  /** The type's name as people say it. */
  static String name(MediaType type) {
    String text = type.text();
    return text.substring(text.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
  }

  /** Reads the header and holds it against the limits. */
  static Header read(Bytes in, MediaType type, Limits limits, OtherReaders others)
      throws IOException {
    if (!others.types().contains(type)) {
      return read(in, type, limits);
    }
    Header header = others.header(in, type);
    Checks.header(header, limits);
    return header;
  }

  /** The same for a type of this engine. */
  static Header read(Bytes in, MediaType type, Limits limits) throws Malformed {
    Header header =
        switch (type.text()) {
          case "image/jpeg" -> JpegHeader.read(in, limits);
          case "image/png" -> PngHeader.read(in, limits);
          case "image/gif" -> GifHeader.read(in, limits);
          case "image/webp" -> WebpHeader.read(in, limits);
          case "image/bmp" -> BmpHeader.read(in);
          case "image/tiff" -> TiffHeader.read(in, limits);
          case "image/vnd.adobe.photoshop" -> PsdHeader.read(in, type, limits);
          case "image/x-icon", "image/vnd.microsoft.icon" -> Icon.read(in, type, limits);
          default -> OpaqueHeader.read(in, type, limits);
        };
    Checks.header(header, limits);
    return header;
  }

  static Metadata.Exif exif(Bytes in, Header header, Limits limits) {
    return header.type().equals(MediaType.TIFF)
        ? Metadata.ofTiff(in, limits)
        : Metadata.read(header.exif());
  }

  /** 1 to 8; 1 if nothing valid is said. */
  static int orientation(Header header, Metadata.Exif exif) {
    int said = header.orientation() != 0 ? header.orientation() : exif.orientation();
    return said >= 1 && said <= 8 ? said : 1;
  }
}
