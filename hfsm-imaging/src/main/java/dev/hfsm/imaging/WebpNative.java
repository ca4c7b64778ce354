package dev.hfsm.imaging;

import com.luciad.imageio.webp.WebP;
import com.luciad.imageio.webp.WebPEncoderOptions;
import dev.hfsm.error.TransformationException;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libwebp's encoder, which sees only pixels that were made here. The library is loaded at first
 * use; where there is none for the platform, WebP is not offered.
 */
final class WebpNative {

  private static final Logger LOG = LoggerFactory.getLogger(WebpNative.class);

  private WebpNative() {}

  /** Loads at most once, when first asked for. */
  private static final class Library {
    static final boolean LOADED = load();

    private static boolean load() {
      String resource = resource();
      try (InputStream in = WebpNative.class.getResourceAsStream(resource)) {
        if (in == null) {
          LOG.info("no WebP encoder for this platform: {}", resource);
          return false;
        }
        Path file =
            Files.createTempFile("hfsm-webp-", resource.substring(resource.lastIndexOf('.')));
        try {
          Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
          System.load(file.toAbsolutePath().toString());
        } finally {
          discard(file);
        }
        WebPEncoderOptions.deleteConfig(WebPEncoderOptions.createConfig());
        return true;
      } catch (IOException | LinkageError e) {
        LOG.warn("the WebP encoder cannot be loaded, so WebP is not offered", e);
        return false;
      }
    }

    /** Where a loaded library can be deleted it is, elsewhere when the JVM ends. */
    private static void discard(Path file) {
      try {
        Files.delete(file);
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
    }
  }

  static boolean available() {
    return Library.LOADED;
  }

  static byte[] encode(Canvas canvas, Transformation recipe) {
    if (!available()) {
      throw new TransformationException(
          "WebP cannot be written on this platform: it has no encoder", null, false);
    }
    long config = WebPEncoderOptions.createConfig();
    if (config == 0) {
      throw new TransformationException("the WebP encoder has no memory", null, true);
    }
    try {
      WebPEncoderOptions.setQuality(config, recipe.quality());
      WebPEncoderOptions.setLossless(config, recipe.isLossless());
      int stride = canvas.width * canvas.channels;
      byte[] result =
          canvas.channels == 4
              ? WebP.encodeRGBA(config, canvas.data, canvas.width, canvas.height, stride)
              : WebP.encodeRGB(config, canvas.data, canvas.width, canvas.height, stride);
      if (result == null || result.length == 0) {
        throw new TransformationException("the WebP encoder failed", null, true);
      }
      return result;
    } finally {
      WebPEncoderOptions.deleteConfig(config);
    }
  }

  private static String resource() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String cpu =
        switch (arch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          case "x86", "i386", "i486", "i586", "i686" -> "x86";
          case "ppc64le", "ppc64" -> "ppc64";
          default -> arch;
        };
    if (os.startsWith("win")) {
      return "native/Windows/" + cpu + "/webp-imageio.dll";
    }
    return os.contains("mac") || os.contains("darwin")
        ? "native/Mac/" + cpu + "/libwebp-imageio.dylib"
        : "native/Linux/" + cpu + "/libwebp-imageio.so";
  }
}
