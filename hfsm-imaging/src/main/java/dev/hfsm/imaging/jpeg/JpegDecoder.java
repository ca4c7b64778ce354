package dev.hfsm.imaging.jpeg;

import dev.hfsm.imaging.jpeg.JpegParser.Parsed;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes baseline, extended sequential and progressive JPEGs with Huffman coding and 8 bits a
 * sample, planar and at reduced scales, for one or several outputs in one pass over the coded data.
 * Written from ITU-T T.81. Holds no pixels; immutable, and as thread-safe as its input.
 *
 * <p>Data that ends early is refused: a picture of which a part is missing is no picture. A code
 * that no table has is taken as zero, as libjpeg does, and counted.
 */
public final class JpegDecoder {

  private final JpegInput input;
  private final Parsed parsed;

  private JpegDecoder(JpegInput input, Parsed parsed) {
    this.input = input;
    this.parsed = parsed;
  }

  /**
   * Reads and checks the headers; of a picture in several scans those of all scans. Allocates no
   * more than some 100 KB whatever they say.
   *
   * @param input the file
   * @param maxScans more scans than this are refused
   */
  public static JpegDecoder open(JpegInput input, int maxScans) throws JpegException {
    return new JpegDecoder(input, JpegParser.parse(input, maxScans));
  }

  /** What the headers say. */
  public JpegFrame frame() {
    return parsed.frame();
  }

  /** An upper bound of the bytes on the heap that decoding these outputs takes, besides sinks. */
  public long bytesNeeded(List<JpegOutput> outputs) {
    JpegFrame frame = parsed.frame();
    long bytes = 1 << 16;
    for (int c = 0; c < frame.components().size(); c++) {
      int samples = 0;
      for (JpegOutput output : outputs) {
        JpegScale scale = output.scales().get(c);
        bytes += PlaneRows.bytes(frame, output.region(), c, scale);
        samples = Math.max(samples, scale.samples());
      }
      bytes += Lane.bytes(samples, frame.components().get(c).down());
      if (frame.progressive()) {
        bytes += Coefficients.bytes(frame, c, samples);
      }
    }
    int open = frame.progressive() ? 1 : parsed.scans().size();
    return bytes + open * (EntropyInput.BYTES + (1 << 12));
  }

  /**
   * Decodes; each output's sink has been given all of its rows on return. Rows below the lowest
   * region are not looked at.
   *
   * @param outputs what is wanted, with as many scales as the frame has components and regions
   *     inside of the picture; anything else is an {@link IllegalArgumentException}
   * @param check called at least once for each row of MCUs of each scan; what it throws ends the
   *     decoding
   * @return how many codes without a meaning were met, 0 for a sound picture
   */
  public long decode(List<JpegOutput> outputs, Runnable check) throws JpegException {
    List<Lane> lanes = new ArrayList<>();
    for (int c = 0; c < parsed.frame().components().size(); c++) {
      lanes.add(lane(c, outputs));
    }
    int groups = lanes.stream().mapToInt(Lane::groups).max().orElse(0);
    return parsed.frame().progressive()
        ? progressive(lanes, groups, check)
        : sequential(lanes, groups, check);
  }

  private Lane lane(int component, List<JpegOutput> outputs) {
    JpegFrame frame = parsed.frame();
    List<PlaneRows> targets = new ArrayList<>();
    int last = -1;
    for (JpegOutput output : outputs) {
      if (output.scales().size() != frame.components().size()) {
        throw new IllegalArgumentException(
            "expected %d scales, got %d"
                .formatted(frame.components().size(), output.scales().size()));
      }
      JpegScale scale = output.scales().get(component);
      if (scale != JpegScale.NONE) {
        int[] table = parsed.tables().get(component);
        targets.add(new PlaneRows(frame, output.region(), component, scale, table, output.sink()));
        last = Math.max(last, scale.lastCoefficient());
      }
    }
    return new Lane(frame, component, last, targets);
  }

  /** The scans run side by side, so that no more than a row of each is ever held. */
  private long sequential(List<Lane> lanes, int groups, Runnable check) throws JpegException {
    List<SequentialScan> scans = new ArrayList<>();
    for (ScanHeader header : parsed.scans()) {
      boolean wanted = header.parts().stream().anyMatch(p -> lanes.get(p.component()).last >= 0);
      if (wanted) {
        scans.add(new SequentialScan(input, parsed.frame(), header, lanes));
      }
    }
    for (int group = 0; group < groups; group++) {
      check.run();
      for (Lane lane : lanes) {
        lane.begin(group);
      }
      for (SequentialScan scan : scans) {
        scan.group(group);
      }
      for (Lane lane : lanes) {
        lane.end(group);
      }
    }
    long damage = 0;
    for (SequentialScan scan : scans) {
      scan.end();
      damage += scan.damage();
    }
    return damage;
  }

  private long progressive(List<Lane> lanes, int groups, Runnable check) throws JpegException {
    return new ProgressivePicture(input, parsed, lanes).decode(groups, check);
  }
}
