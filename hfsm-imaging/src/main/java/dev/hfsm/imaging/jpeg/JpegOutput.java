package dev.hfsm.imaging.jpeg;

import java.util.Collections;
import java.util.List;

/**
 * One result of a decoding. What is delivered depends on the file and on this output's own region
 * and scales alone, bit for bit, whatever other outputs are asked for together with it.
 *
 * @param region the part of the picture that is wanted, inside of it
 * @param scales one for each component
 * @param sink who takes the samples
 */
public record JpegOutput(JpegRegion region, List<JpegScale> scales, JpegSink sink) {

  /** Copies the list. */
  public JpegOutput {
    scales = List.copyOf(scales);
  }

  /** All of the picture with all components at one scale. */
  public static JpegOutput of(JpegFrame frame, JpegScale scale, JpegSink sink) {
    return new JpegOutput(
        frame.everything(), Collections.nCopies(frame.components().size(), scale), sink);
  }
}
