package dev.hfsm.imaging;

import com.twelvemonkeys.imageio.plugins.tiff.BigTIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageReaderWriterSpi;

/**
 * The decoders that may be used, by name: those of the JDK's own java.desktop module and
 * TwelveMonkeys' for WebP and TIFF. What else is registered with ImageIO is never asked.
 */
final class Readers {

  private Readers() {}

  static ImageReader of(Header.Codec codec, boolean bigTiff) throws IOException {
    return switch (codec) {
      case BMP -> own(ImageReaderSpi.class, "bmp").createReaderInstance();
      case WEBP -> new WebPImageReaderSpi().createReaderInstance();
      case TIFF ->
          bigTiff
              ? new BigTIFFImageReaderSpi().createReaderInstance()
              : new TIFFImageReaderSpi().createReaderInstance();
      case JPEG, PNG, GIF, TIFF_JPEG, PSD, ICON, OTHER ->
          throw new IllegalArgumentException(codec + " is not decoded by a reader of these");
    };
  }

  private static <S extends ImageReaderWriterSpi> S own(Class<S> kind, String format) {
    Iterator<S> all = IIORegistry.getDefaultInstance().getServiceProviders(kind, false);
    while (all.hasNext()) {
      S spi = all.next();
      if (spi.getClass().getModule() == ImageIO.class.getModule()
          && java.util.Arrays.asList(spi.getFormatNames()).contains(format)) {
        return spi;
      }
    }
    throw new IllegalStateException("this JDK has no " + format + " support");
  }
}
