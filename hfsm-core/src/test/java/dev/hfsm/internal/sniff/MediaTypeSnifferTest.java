package dev.hfsm.internal.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeSnifferTest {

  private static final String UNKNOWN = "application/octet-stream";

  @ParameterizedTest
  @CsvSource({
    "ffd8ffe000104a464946, image/jpeg",
    "89504e470d0a1a0a0000000d49484452, image/png",
    "474946383961, image/gif",
    "474946383761, image/gif",
    "524946460000000057454250, image/webp",
    "524946460000000057415645, audio/x-wav",
    "524946460000000041564920, video/x-msvideo",
    "424d00000000000000003600000028000000, image/bmp",
    "49492a0008000000, image/tiff",
    "49492a00080000000100fe0004000000, image/tiff",
    "49492a0008000000010012c60100040000000106, image/x-adobe-dng",
    "4d4d002a000000080001c612000100000004, image/x-adobe-dng",
    "4d4d002affffffff0001c612000100000004, image/tiff",
    "4d4d002a00000008, image/tiff",
    "49492b000800000010000000, image/tiff",
    "4d4d002b00080000, image/tiff",
    "49492a001000000043520200, image/x-canon-cr2",
    "3842505300010000, image/vnd.adobe.photoshop",
    "00000100010010100000010020006804000016000000, image/x-icon",
    "0000000c6a5020200d0a870a00000014667479706a703220, image/jp2",
    "0000000c4a584c200d0a870a, image/jxl",
    "ff0a, image/jxl",
    "0000001466747970617669660000000061766966, image/avif",
    "00000014667479706d6966310000000061766966, image/avif",
    "00000014667479706d6966310000000068656963, image/heic",
    "00000014667479706d7366310000000068657663, image/heic",
    "00000010667479706d69663100000000, image/heif",
    "0000001466747970686569630000000068656963, image/heic",
    "0000001466747970697336d20000000069736f6d, video/mp4",
    "0000001466747970717420200000000071742020, video/quicktime",
    "00000014667479703367703400000000, video/3gpp",
    "000000086d646174000000006d6f6f76, video/quicktime",
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d, video/webm",
    "1a45dfa39f4286810142f7810142f2810442f38108428288" + "6d6174726f736b61, video/x-matroska",
    "494433040000, audio/mpeg",
    "fffb9064, audio/mpeg",
    "664c6143, audio/flac",
    "4f67675300020000, audio/ogg",
    "255044462d312e37, application/pdf",
    "504b0304, application/zip",
    "1f8b0800, application/gzip",
  })
  void knowsMagicNumbers(String hex, String type) {
    assertThat(sniff(HexFormat.of().parseHex(hex))).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "BMW is a car maker from Munich, text/plain",
    "II* and MM are letters, text/plain",
    "just words, text/plain",
    "<svg xmlns='http://www.w3.org/2000/svg'/>, image/svg+xml",
    "<?xml version='1.0'?><!-- c --><svg>, image/svg+xml",
    "<?xml version='1.0'?><x:svg xmlns:x='y'>, image/svg+xml",
    "<!-- <html> --><svg>, image/svg+xml",
    "<?xml version='1.0'?><note/>, application/xml",
    "<!DOCTYPE html><p>, text/html",
    "  <HTML><svg>, text/html",
    "<script>alert(1)</script>, text/html",
    "<3 this, text/plain",
  })
  void knowsTextInEveryEncodingThatNamesItself(String text, String type) {
    assertThat(sniff(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(type);
    assertThat(sniff(marked(text, StandardCharsets.UTF_8))).isEqualTo(type);
    assertThat(sniff(marked(text, StandardCharsets.UTF_16LE))).isEqualTo(type);
    assertThat(sniff(marked(text, StandardCharsets.UTF_16BE))).isEqualTo(type);
  }

  private static byte[] marked(String text, Charset charset) {
    return ("\ufeff" + text).getBytes(charset);
  }

  @Test
  void controlCharactersAndBrokenUtf8AreNoText() {
    assertThat(sniff(new byte[0])).isEqualTo(UNKNOWN);
    assertThat(sniff(new byte[] {'a', 0, 'b'})).isEqualTo(UNKNOWN);
    assertThat(sniff(new byte[] {'a', (byte) 0xc3, 'b'})).isEqualTo(UNKNOWN);
    assertThat(sniff(new byte[4096])).isEqualTo(UNKNOWN);
  }

  @Test
  void aCharacterCutAtTheEndOfTheHeadIsNoError() {
    byte[] text = "grün, grüner, am grünsten: ü".getBytes(StandardCharsets.UTF_8);
    assertThat(sniff(Arrays.copyOf(text, text.length - 1))).isEqualTo("text/plain");
  }

  @Test
  void aSyncWordAloneIsNoMpegAudio() {
    assertThat(sniff(HexFormat.of().parseHex("fffe9064"))).isNotEqualTo("audio/mpeg");
    byte[] lone = new byte[2000];
    lone[0] = (byte) 0xff;
    lone[1] = (byte) 0xfb;
    lone[2] = (byte) 0x90;
    assertThat(sniff(lone)).isEqualTo(UNKNOWN);
  }

  @Test
  void onlyTheGivenLengthIsLookedAt() {
    byte[] png = HexFormat.of().parseHex("89504e470d0a1a0a");
    assertThat(MediaTypeSniffer.sniff(png, 7).text()).isEqualTo(UNKNOWN);
  }

  @Test
  void noHeadMakesItFail() {
    long seed = System.nanoTime();
    System.out.println("MediaTypeSnifferTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    String[] starts = {
      "II*\0", "BM", "\0\0\1\0", "\0\0\0\24ftyp", "RIFF", "OggS\0", "<?xml", "ID3"
    };
    for (int i = 0; i < 20_000; i++) {
      byte[] head = new byte[random.nextInt(64)];
      random.nextBytes(head);
      byte[] start = starts[random.nextInt(starts.length)].getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(start, 0, head, 0, Math.min(start.length, head.length));
      assertThat(MediaTypeSniffer.sniff(head, head.length)).isNotNull();
    }
  }

  private static String sniff(byte[] head) {
    return MediaTypeSniffer.sniff(head, head.length).text();
  }
}
