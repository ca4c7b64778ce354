package dev.hfsm.imaging.resample;

/**
 * One direction of resizing one plane. Source sample {@code i} covers {@code [i, i + 1)}; output
 * sample {@code o} has its centre at {@code start + (o + 0.5) * step}. Immutable.
 *
 * <p>The planes of one picture have axes that differ only by their resolution, so that their
 * samples stay in register: derive them from the axis of the full resolution with {@link #onPlane}
 * and {@link #halved}.
 *
 * @param available how many source samples there are; nothing outside of them is ever used
 * @param start where the first output sample begins, in source samples; may be fractional
 * @param step source samples per output sample; below 1 enlarges
 * @param count how many output samples are made
 */
public record Axis(int available, double start, double step, int count) {

  /** Refuses empty axes, and steps that are not positive and finite. */
  public Axis {
    if (available < 1 || count < 1 || !(step > 0) || step > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "axis: expected samples and a positive step, found %d samples, step %s, %d outputs"
              .formatted(available, step, count));
    }
    if (!(Math.abs(start) <= Integer.MAX_VALUE)) {
      throw new IllegalArgumentException("axis: expected a finite start, found " + start);
    }
  }

  /** All {@code from} samples become {@code to}. */
  public static Axis whole(int from, int to) {
    return part(from, 0, from, to);
  }

  /** {@code length} source samples from {@code start} on become {@code to}. */
  public static Axis part(int available, double start, double length, int to) {
    return new Axis(available, start, length / to, to);
  }

  /** Only {@code count} of the output samples from {@code offset} on. */
  public Axis window(int offset, int count) {
    return new Axis(available, start + offset * step, step, count);
  }

  /**
   * The same samples made from a plane of another resolution: subsampled colour, or a picture
   * decoded at a fraction of its size.
   *
   * @param planeAvailable how many samples that plane has
   * @param ratio samples of the plane for one sample of this axis, such as 0.5 for halved colour
   * @param phase where the plane's origin lies on this axis, in samples of this axis: 0 if its
   *     samples are centred, as they are in JPEG; -0.5 if halved colour is sited on even samples
   */
  public Axis onPlane(int planeAvailable, double ratio, double phase) {
    return new Axis(planeAvailable, (start - phase) * ratio, step * ratio, count);
  }

  /** As many output samples as half the resolution needs, each in the middle of two. */
  public Axis halved() {
    return new Axis(available, start, step * 2, (count + 1) / 2);
  }
}
