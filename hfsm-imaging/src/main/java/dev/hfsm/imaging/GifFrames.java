package dev.hfsm.imaging;

import dev.hfsm.imaging.gif.GifException;
import dev.hfsm.imaging.gif.GifFile;
import dev.hfsm.imaging.gif.GifInput;
import dev.hfsm.imaging.gif.GifPlayer;
import dev.hfsm.transform.Budget;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Those of a GIF. */
final class GifFrames implements Frames {

  private static final int MILLIS = 10;

  private final GifFile file;
  private final Budget budget;
  private @Nullable GifPlayer player;

  private GifFrames(GifFile file, Budget budget) {
    this.file = file;
    this.budget = budget;
  }

  static GifFrames open(Bytes in, Header header, int most, Budget budget)
      throws GifException, Malformed {
    return new GifFrames(file(in, header, most, budget), budget);
  }

  /** Opens a GIF of which that many frames are used at most. */
  static GifFile file(Bytes in, Header header, int frames, Budget budget)
      throws GifException, Malformed {
    GifInput input =
        new GifInput() {
          @Override
          public long size() {
            return in.size();
          }

          @Override
          public int read(long at, byte[] into, int length) {
            return in.read(at, into, 0, length);
          }
        };
    GifFile file = GifFile.open(input, frames, budget.limits().maxPixels(), budget::check);
    if (file.width() != header.width() || file.height() != header.height()) {
      throw new Malformed("it has more than one size");
    }
    return file;
  }

  @Override
  public int count() {
    return file.frames();
  }

  @Override
  public OptionalInt loops() {
    return file.loops();
  }

  @Override
  public long bytes() {
    return GifPlayer.bytes(file);
  }

  private GifPlayer player() {
    GifPlayer known = player;
    if (known == null) {
      known = new GifPlayer(file, budget::check);
      player = known;
    }
    return known;
  }

  @Override
  public boolean next() throws GifException {
    return player().next();
  }

  @Override
  public int[] canvas() {
    return player().canvas();
  }

  @Override
  public int millis() {
    return MILLIS * player().delay();
  }
}
