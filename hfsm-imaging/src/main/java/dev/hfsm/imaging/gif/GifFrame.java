package dev.hfsm.imaging.gif;

/**
 * Where one frame stands and how it is shown. Nothing of it was decoded.
 *
 * @param left on the canvas, which it may exceed
 * @param top on the canvas, which it may exceed
 * @param width at least 1
 * @param height at least 1
 * @param delay in hundredths of a second; what players make of very small ones is their business
 * @param disposal what happens to it before the next frame is drawn
 * @param transparent the index that leaves what is there, or -1
 * @param interlaced whether its rows come in four passes
 * @param paletteAt where its colours stand in the file
 * @param paletteSize how many colours there are; 0 if there is no palette at all
 * @param dataAt where its coded pixels begin in the file
 */
record GifFrame(
    int left,
    int top,
    int width,
    int height,
    int delay,
    Disposal disposal,
    int transparent,
    boolean interlaced,
    long paletteAt,
    int paletteSize,
    long dataAt) {

  /** What happens to a frame before the next one is drawn. */
  enum Disposal {
    KEEP,
    CLEAR,
    RESTORE;

    /** Of the number in the file; 4 is what some encoders write for 3. */
    static Disposal of(int number) {
      return number == 2 ? CLEAR : number == 3 || number == 4 ? RESTORE : KEEP;
    }
  }
}
