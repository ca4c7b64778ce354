package dev.hfsm.imaging;

import dev.hfsm.error.LimitExceededException;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a copy, in their order. Ranges that follow one another in the file are one, so that
 * a file may have any number of them; parts with something between them that is left out are
 * bounded, because each takes memory that nobody has reserved.
 */
final class Pieces {

  /** Far beyond what programs write: it is as many frames with a comment after each. */
  static final int MOST = 100_000;

  private final List<Piece> done = new ArrayList<>();
  private long length;

  /** The range that still grows; empty at first and after a literal. */
  private long from;

  private long to;

  void range(long offset, long size) {
    if (offset != to) {
      endRange();
      from = offset;
    }
    to = offset + size;
    length += size;
  }

  void add(Piece piece) {
    if (piece instanceof Piece.Range range) {
      range(range.offset(), range.length());
    } else {
      endRange();
      from = to;
      put(piece);
      length += piece.length();
    }
  }

  void addAll(Pieces others) {
    others.list().forEach(this::add);
  }

  /** In bytes. */
  long length() {
    return length;
  }

  /** All so far. */
  List<Piece> list() {
    endRange();
    from = to;
    return List.copyOf(done);
  }

  private void endRange() {
    if (to > from) {
      put(new Piece.Range(from, to - from));
    }
  }

  private void put(Piece piece) {
    if (done.size() == MOST) {
      throw new LimitExceededException(
          "a file is copied in at most %d parts, found more".formatted(MOST), false);
    }
    done.add(piece);
  }
}
