package dev.hfsm.filesystem;

import dev.hfsm.error.BlobStoreException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;

/**
 * Says what went wrong with the disk, and whether trying again can help. The platform tells reasons
 * apart by text alone; a reason that is not known counts as passing, because then nothing may be
 * concluded about what is on the disk.
 */
final class DiskErrors {

  private static final List<String> FULL =
      List.of("no space left", "not enough space", "disk quota exceeded", "disk is full");
  private static final List<String> LASTING =
      List.of(
          "permission denied",
          "operation not permitted",
          "read-only file system",
          "is a directory",
          "not a directory",
          "file name too long",
          "file too large",
          "too many levels of symbolic links");

  private DiskErrors() {}

  /**
   * @param tried what was being done, for instance "storing raw/00/..."
   */
  static BlobStoreException translate(String tried, IOException e) {
    String reason = reason(e);
    return new BlobStoreException("file store: " + tried + ": " + reason, e, mayHelp(e));
  }

  /** A failure that could not be cleared up leaves the outcome open, which is said by a retry. */
  static boolean mayHelp(IOException e) {
    return !isLasting(e) || e.getSuppressed().length > 0;
  }

  /** Whether the error says that nothing lies where one looked. */
  static boolean isAbsence(IOException e) {
    return e instanceof NoSuchFileException || contains(e, List.of("not a directory"));
  }

  private static String reason(IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return "the thread was interrupted";
    }
    if (contains(e, FULL)) {
      return "the disk is full (" + e.getMessage() + ")";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied (" + e.getMessage() + ")";
    }
    return e.getClass().getSimpleName() + " (" + e.getMessage() + ")";
  }

  private static boolean isLasting(IOException e) {
    return e instanceof AccessDeniedException
        || e instanceof NotDirectoryException
        || e instanceof FileSystemLoopException
        || contains(e, LASTING);
  }

  private static boolean contains(IOException e, List<String> phrases) {
    // A path may hold any text, so the reason alone is looked at where there is one.
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String lower = text == null ? "" : text.toLowerCase(Locale.ROOT);
    return phrases.stream().anyMatch(lower::contains);
  }
}
