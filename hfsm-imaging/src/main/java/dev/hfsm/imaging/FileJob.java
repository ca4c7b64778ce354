package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Transformation;
import java.io.IOException;

/**
 * A variant that is written as the pass leaves it.
 *
 * @param recipe what the pass does
 * @param wanted what was asked for
 */
record FileJob(Transformation recipe, Transformation wanted, Budget budget)
    implements Job<Rendition> {

  FileJob(Transformation recipe, Budget budget) {
    this(recipe, recipe, budget);
  }

  @Override
  public long bytes(int width, int height) {
    return Encoder.bytes(width, height, recipe);
  }

  @Override
  public boolean direct() {
    return true;
  }

  @Override
  public Rendition of(byte[] file, int width, int height) {
    return Encoder.rendition(wanted, width, height, file);
  }

  @Override
  public Rendition of(Canvas finished, Tags tags) throws IOException {
    budget.check();
    byte[] file = Encoder.encode(finished, recipe, tags, budget);
    return of(file, finished.width, finished.height);
  }
}
