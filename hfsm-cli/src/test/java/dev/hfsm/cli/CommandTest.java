package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.cli.Command.Document;
import dev.hfsm.model.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command answers, and how it complains. */
class CommandTest {

  @TempDir Path folder;
  private Path data;
  private Path photos;

  @BeforeEach
  void folders() throws IOException {
    data = folder.resolve("data");
    photos = Files.createDirectories(folder.resolve("photos"));
  }

  private Command hfsm(Object... args) {
    Object[] all = new Object[args.length + 2];
    all[0] = "--data";
    all[1] = data;
    System.arraycopy(args, 0, all, 2, args.length);
    return Command.run(all);
  }

  private String ingested(Path file) throws IOException {
    assertThat(hfsm("ingest", file).exitCode()).isZero();
    return Digest.ofContent(Files.readAllBytes(file)).hex();
  }

  @Test
  void ingestAnswersForEachFileOnceAndTheSumsAgree() throws IOException {
    Path one = Pictures.jpeg(photos.resolve("one.jpg"), 200, 150, 1);
    Files.copy(one, photos.resolve("copy.jpg"));
    Pictures.jpeg(photos.resolve("deep/er/two.jpg"), 150, 200, 2);
    byte[] bytes = Files.readAllBytes(one);
    Files.write(
        photos.resolve("broken.png"),
        "\u0089PNG\r\n\u001a\n nothing".getBytes(StandardCharsets.ISO_8859_1));
    Files.write(photos.resolve("empty.jpg"), new byte[0]);
    Files.writeString(photos.resolve("notes.txt"), "just text");

    Command command = hfsm("ingest", "--json", photos);

    Document json = command.json();
    assertThat(command.exitCode()).isEqualTo(3);
    assertThat(json.get("files").number()).isEqualTo(6);
    assertThat(json.get("created").number()).isEqualTo(3);
    assertThat(json.get("duplicates").number()).isEqualTo(1);
    assertThat(json.get("rejected").number()).isEqualTo(2);
    assertThat(json.get("failed").number()).isZero();
    assertThat(json.get("assets").size()).isEqualTo(6);
    assertThat(json.get("bytesStored").number()).isGreaterThan(bytes.length);

    Document again = hfsm("ingest", "--json", photos).json();
    assertThat(again.get("created").number()).isZero();
    assertThat(again.get("duplicates").number()).isEqualTo(4);
    assertThat(again.get("rejected").number()).isEqualTo(2);
    assertThat(again.get("bytesStored").number()).isZero();
  }

  @Test
  void aRejectedFileIsOneLineWithPathAndReasonWhateverItsName() throws IOException {
    Path hostile = photos.resolve("new\nline\u001b[31m.png");
    Files.write(hostile, "\u0089PNG\r\n\u001a\n nothing".getBytes(StandardCharsets.ISO_8859_1));
    Command command = hfsm("ingest", photos);
    assertThat(command.exitCode()).isEqualTo(3);
    assertThat(command.out().lines().toList())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("rejected  ")
        .contains("new\\nline\\u001b[31m.png: ");
    assertThat(command.err()).isEmpty();
  }

  @Test
  void whatIsOverTheLimitIsRejectedAndSaysTheLimit() throws IOException {
    Files.write(photos.resolve("big.bin"), new byte[5000]);
    Command command = hfsm("ingest", "--max-bytes", "4K", photos);
    assertThat(command.exitCode()).isEqualTo(3);
    assertThat(command.out()).contains("expected at most 4000 bytes");
  }

  @Test
  void aPathThatIsNotThereFailsAndTheOthersAreDone() throws IOException {
    Path one = Pictures.jpeg(photos.resolve("one.jpg"), 20, 20, 1);
    Command command = hfsm("ingest", "--json", photos.resolve("absent.jpg"), one);
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.json().get("created").number()).isEqualTo(1);
    assertThat(command.json().get("failed").number()).isEqualTo(1);
  }

  @Test
  void wrongExtensionsAndDeclaredTypesAreNotBelieved() throws IOException {
    Path lying = photos.resolve("picture.pdf");
    Files.move(Pictures.jpeg(photos.resolve("x.jpg"), 60, 40, 3), lying);
    String id = ingested(lying);
    assertThat(hfsm("show", id, "--json").json().get("facts").get("mediaType").text())
        .isEqualTo("image/jpeg");
  }

  @Test
  void pdfVideoZipAndTextAreKeptAsTheyAre() throws IOException {
    Files.writeString(photos.resolve("a.pdf"), "%PDF-1.4\n%%EOF\n");
    Files.write(photos.resolve("b.zip"), new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0, 0, 0});
    Files.writeString(photos.resolve("c.txt"), "text");
    Files.write(
        photos.resolve("d.mp4"),
        "\0\0\0\u0018ftypmp42\0\0\0\0mp42isom".getBytes(StandardCharsets.ISO_8859_1));
    Command command = hfsm("ingest", "--json", photos);
    assertThat(command.exitCode()).isZero();
    for (int i = 0; i < 4; i++) {
      assertThat(command.json().get("assets").at(i).get("state").text())
          .isEqualTo("METADATA_READY");
    }
  }

  @Test
  void showTellsStateFactsHistoryVariantsAndReferences() throws IOException {
    String id = ingested(Pictures.jpeg(photos.resolve("one.jpg"), 200, 150, 1));
    Document json = hfsm("show", id.substring(0, 8), "--json").json();
    assertThat(json.get("id").text()).isEqualTo("sha256:" + id);
    assertThat(json.get("state").text()).isEqualTo("METADATA_READY");
    assertThat(json.get("facts").get("width").number()).isEqualTo(200);
    assertThat(json.get("facts").get("height").number()).isEqualTo(150);
    assertThat(json.get("facts").get("orientation").number()).isEqualTo(1);
    assertThat(json.get("history").size()).isEqualTo(3);
    assertThat(json.get("variants").size()).isZero();
    assertThat(json.get("references").size()).isEqualTo(1);
    assertThat(hfsm("show", id).out()).contains("METADATA_READY", "width", "DESCRIBED");
  }

  @Test
  void getWritesTheVeryBytes() throws IOException {
    Path photo = Pictures.jpeg(photos.resolve("one.jpg"), 200, 150, 1);
    String id = ingested(photo);
    Path out = folder.resolve("out.jpg");
    assertThat(hfsm("get", id, "-o", out).exitCode()).isZero();
    assertThat(out).hasSameBinaryContentAs(photo);
  }

  @Test
  void variantIsMadeOnceAndFoundAfterwards() throws IOException {
    String id = ingested(Pictures.jpeg(photos.resolve("one.jpg"), 200, 150, 1));
    Path out = folder.resolve("out.webp");
    Document first = hfsm("variant", id, "w=50,format=png", "-o", out, "--json").json();
    Document second = hfsm("variant", id, "format=png,w=50", "-o", out, "--json").json();
    assertThat(first.get("cached").text()).isEqualTo("false");
    assertThat(second.get("cached").text()).isEqualTo("true");
    assertThat(first.get("width").number()).isEqualTo(50);
    assertThat(first.get("height").number()).isEqualTo(38);
    assertThat(first.get("mediaType").text()).isEqualTo("image/png");
    assertThat(first.get("bytes").number()).isEqualTo(Files.size(out));
    assertThat(first.get("millis").number()).isGreaterThanOrEqualTo(0);
    assertThat(ImageIO.read(out.toFile()).getWidth()).isEqualTo(50);
  }

  @Test
  void aMalformedSpecSaysWhichKeyAndWhatWasExpected() throws IOException {
    String id = ingested(Pictures.jpeg(photos.resolve("one.jpg"), 20, 15, 1));
    Path out = folder.resolve("out.jpg");
    Command badValue = hfsm("variant", id, "w=320,fit=sideways", "-o", out);
    assertThat(badValue.exitCode()).isEqualTo(2);
    assertThat(badValue.err()).contains("key fit").contains("inside, cover").contains("sideways");
    Command badKey = hfsm("variant", id, "width=320", "-o", out);
    assertThat(badKey.exitCode()).isEqualTo(2);
    assertThat(badKey.err()).contains("width").contains("w, h");
    assertThat(out).doesNotExist();
  }

  @Test
  void anUnknownAnAmbiguousAndAMalformedIdAreToldApart() throws IOException {
    List<String> twins = contentsWithTheSameFirstEightHexCharacters();
    Files.writeString(photos.resolve("one.txt"), twins.get(0));
    Files.writeString(photos.resolve("two.txt"), twins.get(1));
    assertThat(hfsm("ingest", photos).exitCode()).isZero();
    String id = Digest.ofContent(twins.get(0).getBytes(StandardCharsets.UTF_8)).hex();

    Command ambiguous = hfsm("show", id.substring(0, 8));
    assertThat(ambiguous.exitCode()).isEqualTo(1);
    assertThat(ambiguous.err()).contains("ambiguous").contains(id);
    assertThat(hfsm("show", "SHA256:" + id).exitCode()).isZero();
    Command unknown = hfsm("show", "0123456789abcdef");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("no asset has the ID 0123456789abcdef");
    assertThat(hfsm("show", "xyz").exitCode()).isEqualTo(2);
    assertThat(hfsm("show", "abc").exitCode()).isEqualTo(2);
  }

  /** Found by trying: among 100,000 digests two with 32 equal bits are to be expected. */
  private static List<String> contentsWithTheSameFirstEightHexCharacters() {
    Map<String, String> byPrefix = new HashMap<>();
    for (int i = 0; ; i++) {
      String content = "content number " + i;
      String prefix =
          Digest.ofContent(content.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8);
      String other = byPrefix.putIfAbsent(prefix, content);
      if (other != null) {
        return List.of(other, content);
      }
    }
  }

  @Test
  void bytesThatWereDamagedInTheStoreAreNotPassedOn() throws IOException {
    Path photo = Pictures.jpeg(photos.resolve("one.jpg"), 200, 150, 1);
    String id = ingested(photo);
    Path stored;
    try (var objects = Files.walk(data.resolve("blobs/objects/raw"))) {
      stored = objects.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(stored);
    bytes[bytes.length / 2] ^= 1;
    Files.write(stored, bytes);
    Path out = folder.resolve("out.jpg");
    Command get = hfsm("get", id, "-o", out);
    assertThat(get.exitCode()).isEqualTo(1);
    assertThat(get.err()).contains("damaged");
    assertThat(out).doesNotExist();
    Command variant = hfsm("variant", id, "w=50", "-o", out);
    assertThat(variant.exitCode()).isEqualTo(1);
    assertThat(variant.err()).contains("hash to");
    assertThat(out).doesNotExist();
  }

  @Test
  void releaseGivesClaimsUpAndTheBytesStay() throws IOException {
    Path photo = Pictures.jpeg(photos.resolve("one.jpg"), 20, 15, 1);
    String id = ingested(photo);
    Document released = hfsm("release", id, "--json").json();
    assertThat(released.get("released").size()).isEqualTo(1);
    assertThat(released.get("references").number()).isZero();
    assertThat(hfsm("get", id, "-o", folder.resolve("out")).exitCode()).isZero();
    Command absent = hfsm("release", id, "--name", "nobody");
    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.err()).contains("nobody");
  }

  @Test
  void statsAndLsAddUp() throws IOException {
    Path one = Pictures.jpeg(photos.resolve("one.jpg"), 200, 150, 1);
    String id = ingested(one);
    ingested(one);
    hfsm("variant", id, "w=20", "-o", folder.resolve("v.jpg"));
    Document stats = hfsm("stats", "--json").json();
    long size = Files.size(one);
    assertThat(stats.get("assets").get("VARIANTS_READY").number()).isEqualTo(1);
    assertThat(stats.get("variants").number()).isEqualTo(1);
    assertThat(stats.get("logicalBytes").number()).isEqualTo(2 * size);
    assertThat(stats.get("storedBytes").number())
        .isEqualTo(size + Files.size(folder.resolve("v.jpg")));
    assertThat(stats.get("duplicates").number()).isEqualTo(1);
    assertThat(stats.get("madeWithinTheHour").number()).isEqualTo(1);
    Document ls = hfsm("ls", "--json").json();
    assertThat(ls.get("assets").at(0).get("id").text()).isEqualTo("sha256:" + id);
    assertThat(hfsm("ls").out()).contains(id.substring(0, 12), "image/jpeg", "200x150", "one.jpg");
  }

  @Test
  void lookingDoesNotMakeADataFolder() {
    Command command = hfsm("ls");
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.err()).contains("there is no data folder");
    assertThat(data).doesNotExist();
  }

  @Test
  void demoTellsTheWholeStory() throws IOException {
    Command command = Command.run("demo", "--json");
    Document json = command.json();
    assertThat(command.exitCode()).isZero();
    assertThat(json.get("files").number()).isEqualTo(4);
    assertThat(json.get("duplicates").number()).isEqualTo(1);
    assertThat(json.get("bytesSaved").number()).isPositive();
    assertThat(json.get("variants").size()).isEqualTo(3);
    Path variant = Path.of(json.get("variants").at(0).get("variant").text());
    assertThat(ImageIO.read(variant.toFile()).getWidth()).isEqualTo(320);
    assertThat(hfsm("demo", Pictures.jpeg(photos.resolve("mine.jpg"), 400, 400, 9)).out())
        .contains("mine.jpg", "first time", "second time", data.toString());
  }

  @Test
  void usageErrorsExitWithTwoAndHelpWithZero() {
    assertThat(Command.run().exitCode()).isEqualTo(2);
    assertThat(Command.run("ingest").exitCode()).isEqualTo(2);
    assertThat(Command.run("frobnicate").exitCode()).isEqualTo(2);
    assertThat(Command.run("variant", "abc").exitCode()).isEqualTo(2);
    for (List<String> help : Arrays.asList(List.of("--help"), List.of("variant", "--help"))) {
      Command command = Command.run(help.toArray());
      assertThat(command.exitCode()).isZero();
      assertThat(command.out()).contains("Usage: hfsm");
    }
  }
}
