package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are meant by a path. */
class InputsTest {

  @TempDir Path folder;
  private Path data;
  private Path photo;

  @BeforeEach
  void onePhoto() throws IOException {
    data = folder.resolve("data");
    photo = Pictures.jpeg(folder.resolve("photo.jpg"), 60, 40, 1);
  }

  @Test
  void aLinkToAFolderThatIsNamedIsWalked() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("photos"));
    Files.copy(photo, photos.resolve("again.jpg"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), photos);
    Command command = Command.run("--data", data, "--json", "ingest", link);
    assertThat(command.json().get("files").number()).isEqualTo(1);
    assertThat(command.json().get("assets").at(0).get("path").text())
        .isEqualTo(link.resolve("again.jpg").toString());
  }

  @Test
  void aPathThatIsNotThereIsSaidInWords() {
    assertThat(Command.run("--data", data, "ingest", folder.resolve("absent")).out())
        .contains("there is no such file or folder");
  }
}
