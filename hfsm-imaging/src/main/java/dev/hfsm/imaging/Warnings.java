package dev.hfsm.imaging;

import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * Decoders fill in missing pixels and mention it in a warning. A picture of which a part is missing
 * is not accepted: the host would keep and serve half a picture without anybody knowing.
 */
final class Warnings implements IIOReadWarningListener {

  private boolean premature;

  @Override
  public void warningOccurred(ImageReader source, String warning) {
    String text = warning == null ? "" : warning.toLowerCase(Locale.ROOT);
    premature |= text.contains("premature end");
  }

  void check() throws Malformed {
    if (premature) {
      throw new Malformed("truncated or damaged: the picture's data ends early");
    }
  }
}
