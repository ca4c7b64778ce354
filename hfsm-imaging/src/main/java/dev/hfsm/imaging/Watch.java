package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.event.IIOReadWarningListener;

/**
 * Listens to a decoder that is not our own. Decoders fill in missing pixels and mention it in a
 * warning; a picture of which a part is missing is not accepted: the host would keep and serve half
 * a picture without anybody knowing. And they tell how far they are, which is when the deadline is
 * looked at even if nothing is read.
 */
final class Watch implements IIOReadWarningListener, IIOReadProgressListener {

  private final Budget budget;
  private boolean premature;

  Watch(Budget budget) {
    this.budget = budget;
  }

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

  @Override
  public void imageProgress(ImageReader source, float percentageDone) {
    budget.check();
  }

  @Override
  public void imageStarted(ImageReader source, int imageIndex) {
    budget.check();
  }

  @Override
  public void imageComplete(ImageReader source) {}

  @Override
  public void sequenceStarted(ImageReader source, int minIndex) {}

  @Override
  public void sequenceComplete(ImageReader source) {}

  @Override
  public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

  @Override
  public void thumbnailProgress(ImageReader source, float percentageDone) {
    budget.check();
  }

  @Override
  public void thumbnailComplete(ImageReader source) {}

  @Override
  public void readAborted(ImageReader source) {}
}
