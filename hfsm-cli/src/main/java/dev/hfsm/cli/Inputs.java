package dev.hfsm.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The files that are meant by paths on the command line: folders are walked, in order of name,
 * without following links to folders found in them.
 *
 * @param files what can be read
 * @param unreadable what cannot, and why
 * @param bytes how many bytes the files have together
 */
record Inputs(List<Path> files, List<Unreadable> unreadable, long bytes) {

  /** Standard input instead of a file. */
  static final Path STANDARD_INPUT = Path.of("-");

  /**
   * @param path what was meant
   * @param reason why it cannot be read
   */
  record Unreadable(Path path, String reason) {}

  static Inputs of(List<Path> paths) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Unreadable> unreadable = new ArrayList<>();
    for (Path path : paths) {
      if (path.equals(STANDARD_INPUT)) {
        files.add(path);
      } else {
        List<Path> found = new ArrayList<>();
        if (Files.isSymbolicLink(path) && Files.isDirectory(path)) {
          Path target = path.toRealPath(); // a link that was named is meant, one found is not
          List<Path> inside = new ArrayList<>();
          Files.walkFileTree(target, visitor(inside, unreadable));
          inside.forEach(file -> found.add(path.resolve(target.relativize(file))));
        } else {
          Files.walkFileTree(path, visitor(found, unreadable));
        }
        Collections.sort(found);
        files.addAll(found);
      }
    }
    long bytes = 0;
    for (Path file : files) {
      bytes += file.equals(STANDARD_INPUT) ? 0 : file.toFile().length();
    }
    return new Inputs(files, unreadable, bytes);
  }

  private static FileVisitor<Path> visitor(List<Path> files, List<Unreadable> unreadable) {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (Files.isRegularFile(file)) {
          files.add(file);
        } else if (!Files.isDirectory(file)) {
          unreadable.add(new Unreadable(file, "expected a file, found something else"));
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) {
        unreadable.add(new Unreadable(file, "cannot be read: " + why(e)));
        return FileVisitResult.CONTINUE;
      }
    };
  }

  private static String why(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    return e instanceof AccessDeniedException ? "access denied" : e.getClass().getSimpleName();
  }
}
