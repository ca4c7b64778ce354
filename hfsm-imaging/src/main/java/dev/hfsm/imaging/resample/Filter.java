package dev.hfsm.imaging.resample;

/** How an output sample is made of the source samples around it. */
public enum Filter {
  /** A windowed sinc with three lobes: the sharpest, with a little ringing. The default. */
  LANCZOS3(3) {
    @Override
    double at(double x) {
      double position = Math.abs(x) * Lanczos.STEPS;
      int i = (int) position;
      if (i >= 3 * Lanczos.STEPS) {
        return 0;
      }
      double left = Lanczos.TABLE[i];
      return left + (position - i) * (Lanczos.TABLE[i + 1] - left);
    }
  },
  /**
   * The cubic with B = C = 1/3 of Mitchell and Netravali, "Reconstruction Filters in Computer
   * Graphics", 1988: softer, almost without ringing.
   */
  MITCHELL(2) {
    @Override
    double at(double x) {
      return cubic(Math.abs(x), 1 / 3.0, 1 / 3.0);
    }
  },
  /** The cubic with B = 0, C = 1/2: an interpolation. */
  CATMULL_ROM(2) {
    @Override
    double at(double x) {
      return cubic(Math.abs(x), 0, 0.5);
    }
  },
  /** Linear interpolation; when reducing, a tent. */
  TRIANGLE(1) {
    @Override
    double at(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** The mean over the area of source that an output sample covers. */
  BOX(0.5) {
    @Override
    double at(double x) {
      throw new IllegalStateException("a box is measured by overlap");
    }
  },
  /** The source sample at the output sample's centre. */
  NEAREST(0) {
    @Override
    double at(double x) {
      throw new IllegalStateException("there is one sample");
    }
  };

  /** How far from the centre it reaches, in output samples when reducing. */
  final double radius;

  Filter(double radius) {
    this.radius = radius;
  }

  /** The weight at that distance from the centre, before all weights are scaled to a sum of 1. */
  abstract double at(double x);

  private static double cubic(double x, double b, double c) {
    if (x >= 2) {
      return 0;
    }
    if (x >= 1) {
      double square = (6 * b + 30 * c) * x * x + (-12 * b - 48 * c) * x + 8 * b + 24 * c;
      return (square + (-b - 6 * c) * x * x * x) / 6;
    }
    return ((12 - 9 * b - 6 * c) * x * x * x + (-18 + 12 * b + 6 * c) * x * x + 6 - 2 * b) / 6;
  }

  /** Tabulated once, because sines that are the same on every machine are slow. */
  private static final class Lanczos {
    static final int STEPS = 2048;
    static final double[] TABLE = table();

    private static double[] table() {
      double[] table = new double[3 * STEPS + 1];
      table[0] = 1;
      for (int i = 1; i < 3 * STEPS; i++) {
        double x = Math.PI * i / STEPS;
        table[i] = i % STEPS == 0 ? 0 : 3 * StrictMath.sin(x) * StrictMath.sin(x / 3) / (x * x);
      }
      return table;
    }
  }
}
