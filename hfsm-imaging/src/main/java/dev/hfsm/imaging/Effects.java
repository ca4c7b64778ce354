package dev.hfsm.imaging;

import dev.hfsm.transform.Budget;

/** Blurs and sharpens a finished picture in place. */
final class Effects {

  private static final float STRENGTH = 1f;

  private Effects() {}

  static void blur(Canvas canvas, double sigma, Budget budget) {
    float[] row = new float[canvas.width * canvas.channels];
    // In place: a row comes out only after every row it depends on went in.
    Gaussian blur =
        gaussian(canvas, sigma, (y, blurred) -> canvas.store(y, blurred, canvas.channels == 4));
    feed(canvas, row, blur, budget);
  }

  /** Unsharp mask: what the blur took away is added once more. */
  static void sharpen(Canvas canvas, double sigma, Budget budget) {
    float[] row = new float[canvas.width * canvas.channels];
    float[] original = new float[row.length];
    Gaussian blur =
        gaussian(
            canvas,
            sigma,
            (y, blurred) -> {
              canvas.load(y, original);
              for (int i = 0; i < original.length; i++) {
                boolean alpha = canvas.channels == 4 && (i & 3) == 3;
                original[i] += alpha ? 0 : STRENGTH * (original[i] - blurred[i]);
              }
              canvas.store(y, original, canvas.channels == 4);
            });
    feed(canvas, row, blur, budget);
  }

  /** Bytes that either takes. */
  static long bytes(int width, double sigma) {
    return Gaussian.bytes(width, sigma) + 32L * width;
  }

  private static Gaussian gaussian(Canvas canvas, double sigma, Gaussian.Sink sink) {
    return new Gaussian(canvas.channels, canvas.width, canvas.height, sigma, sink);
  }

  private static void feed(Canvas canvas, float[] row, Gaussian blur, Budget budget) {
    for (int y = 0; y < canvas.height; y++) {
      if ((y & 15) == 0) {
        budget.check();
      }
      canvas.load(y, row);
      blur.accept(row);
    }
  }
}
