package dev.hfsm.http;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which files a process has open; only Linux tells. */
final class OpenFiles {

  private OpenFiles() {}

  /** How many of those below a folder, given by its real path. */
  static long below(Path folder, ProcessHandle process) throws IOException {
    long open = 0;
    Path links = Path.of("/proc", String.valueOf(process.pid()), "fd");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(links)) {
      for (Path link : all) {
        open += pointsBelow(link, folder) ? 1 : 0;
      }
    }
    return open;
  }

  private static boolean pointsBelow(Path link, Path folder) {
    try {
      return Files.readSymbolicLink(link).startsWith(folder);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
