package dev.hfsm.custody;

import java.util.List;

/**
 * What a migration found and did.
 *
 * @param mode whether anything was copied
 * @param blobs how many blobs the ledger names, and how many more holds keep
 * @param bytes how many bytes they have
 * @param present how many of them lay in the new store when it began, with the right size; their
 *     bytes were not read, as a scrub does
 * @param copied how many were copied, each verified while it was
 * @param copiedBytes how many bytes they had
 * @param damaged how many are damaged where they lie; they were not copied. What only a hold keeps
 *     is copied as it is, damaged or not, and counts here if it cannot be read at all
 * @param missing how many are named and lie nowhere
 * @param failed how many could not be read or written, which says nothing about them; migrate again
 * @param mismatched how many lay in the new store with another size; they were left alone
 * @param left how many the new store lacks now
 * @param leftBytes how many bytes they have
 * @param examples the first few of those that were not copied
 */
public record MigrateReport(
    Mode mode,
    long blobs,
    long bytes,
    long present,
    long copied,
    long copiedBytes,
    long damaged,
    long missing,
    long failed,
    long mismatched,
    long left,
    long leftBytes,
    List<Finding> examples) {

  /** Copies the list. */
  public MigrateReport {
    examples = List.copyOf(examples);
  }

  /**
   * Whether every blob that the ledger names or a hold keeps lies in the new store, by its size.
   */
  public boolean isComplete() {
    return left == 0 && mismatched == 0;
  }
}
