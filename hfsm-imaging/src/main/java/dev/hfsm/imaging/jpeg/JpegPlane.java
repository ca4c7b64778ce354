package dev.hfsm.imaging.jpeg;

/**
 * The part of a component that is delivered: whole blocks, so that it may begin before and end
 * after what was asked for. All numbers are samples of the component at its scale: sample {@code i}
 * covers {@code 8 / scale.samples()} samples of the component at full size, which are {@code
 * largest sampling factor / own sampling factor} pixels each.
 *
 * @param component its index in the frame
 * @param scale the scale
 * @param x of the first sample in the whole component
 * @param y of the first row in the whole component
 * @param width samples a row
 * @param height rows
 */
public record JpegPlane(int component, JpegScale scale, int x, int y, int width, int height) {}
