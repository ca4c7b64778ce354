package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.model.Digest;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * One cell for each operation of the grammar, to be looked at. With {@code -Dhfsm.contactSheet} the
 * picture is written there, else below {@code target}.
 */
class ContactSheetTest extends EngineFixture {

  private static final int COLUMNS = 6;
  private static final int WIDTH = 232;
  private static final int HEIGHT = 232;
  private static final int PICTURE = 164;

  private record Cell(String caption, Transformation recipe, Source source) {}

  private final Digest logo = Digest.ofContent(new byte[] {1});
  private final List<Cell> cells = new ArrayList<>();

  private void add(Source source, String text) {
    add(source, text, text);
  }

  private void add(Source source, String text, String caption) {
    Transformation recipe = Transformation.parse(text.replace("LOGO", logo.hex()));
    cells.add(new Cell(caption, recipe, source));
  }

  private void cells() {
    Source mark = Pictures.png(folder, Drawings.logo());
    byte[] jpeg = Pictures.encoded(Drawings.scene(), "jpeg");
    Source scene = Pictures.source(folder, MediaType.JPEG, jpeg).with(logo, mark);
    byte[] turned = Pictures.withExif(jpeg, 6, "camera");
    Source camera = Pictures.source(folder, MediaType.JPEG, turned);
    Source page = Pictures.png(folder, Drawings.page());
    Transformation reduced = Transformation.image().width(210).format(Format.JPEG);
    Source small = Pictures.source(folder, MediaType.JPEG, bytes(rendition(scene, reduced)));
    add(scene, "w=216,h=162");
    add(camera, "h=160,orient=auto", "orient=auto (noted: 6)");
    add(camera, "orient=off,w=216", "orient=off (noted: 6)");
    add(scene, "crop=400:560:560:300,w=216");
    add(page, "w=210", "before trim");
    add(page, "trim=10,w=210");
    add(scene, "rotate=90,h=160");
    add(scene, "flip=horizontal,w=210");
    add(scene, "flip=vertical,w=210");
    add(scene, "w=120");
    add(scene, "h=60");
    add(scene, "w=210,h=100,fit=cover");
    add(scene, "w=210,h=100,fit=contain,background=30506b");
    add(scene, "w=210,h=100,fit=contain,gravity=east,background=30506bff");
    add(scene, "w=210,h=100,fit=fill");
    add(scene, "w=90,h=160,fit=cover,gravity=west");
    add(scene, "w=90,h=160,fit=cover,gravity=east");
    add(scene, "w=90,h=160,fit=cover,gravity=smart");
    add(scene, "w=90,h=160,fit=cover,focal=0.68:0.7");
    add(scene, "crop=420:640:180:80,w=210,enlarge=true");
    add(mark, "w=200,background=ffe08a");
    add(mark, "w=200,format=png", "w=200,format=png (transparent)");
    add(scene, "w=210,blur=3");
    add(scene, "w=210,sharpen=1.5");
    add(scene, "w=210,grayscale=true");
    add(scene, "w=180,pad=4:10:20:10,background=c0392b");
    add(scene, "w=210,watermark=LOGO", "w=210,watermark=…");
    add(
        scene,
        "w=210,watermark=LOGO,watermark-at=northwest,watermark-opacity=50,watermark-scale=45",
        "watermark-at=northwest,watermark-opacity=50,watermark-scale=45");
    add(scene, "crop=170:520:200:150,q=8", "crop=…,q=8");
    add(scene, "crop=170:520:200:150,q=80", "crop=…,q=80");
    add(scene, "crop=170:520:200:150,q=auto", "crop=…,q=auto");
    add(scene, "w=210,progressive=true,format=jpeg");
    add(small, "strip=true");
    add(scene, "w=210,keep=icc:copyright");
    add(scene, "w=210,format=png");
    add(scene, "w=210,format=webp");
    add(scene, "w=210,format=gif");
  }

  @Test
  void everyOperationOfTheGrammarCanBeLookedAt() throws IOException {
    Assumptions.assumeTrue(WebpNative.available(), "no WebP encoder on this platform");
    cells();
    int rows = (cells.size() + COLUMNS - 1) / COLUMNS;
    BufferedImage sheet = new BufferedImage(COLUMNS * WIDTH, rows * HEIGHT, RGB);
    Graphics2D g = Drawings.pen(sheet);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    SoftAssertions softly = new SoftAssertions();
    for (int i = 0; i < cells.size(); i++) {
      draw(g, cells.get(i), i % COLUMNS * WIDTH, i / COLUMNS * HEIGHT, softly);
    }
    g.dispose();
    softly.assertAll();
    Transformation small = Transformation.image().quality(85).format(Format.JPEG);
    byte[] file = bytes(rendition(Pictures.png(folder, sheet), small));
    Path target = Path.of(System.getProperty("hfsm.contactSheet", "target/contact-sheet.jpg"));
    Files.write(target, file);
    assertThat(file.length).isLessThan(600_000);
  }

  private void draw(Graphics2D g, Cell cell, int left, int top, SoftAssertions softly) {
    Transformation resolved =
        cell.recipe().resolve(cell.source().type(), dev.hfsm.transform.Alpha.ABSENT);
    byte[] file = bytes(rendition(cell.source(), resolved));
    BufferedImage made =
        resolved.format() == Format.WEBP
            ? Pictures.decoded(bytes(rendition(webp(file), PNG)))
            : Pictures.decoded(file);
    softly.assertThat(made.getWidth()).as(cell.caption()).isBetween(1, WIDTH - 8);
    softly.assertThat(made.getHeight()).as(cell.caption()).isBetween(1, PICTURE);
    checks(g, left + (WIDTH - made.getWidth()) / 2, top + 6, made.getWidth(), made.getHeight());
    g.drawImage(made, left + (WIDTH - made.getWidth()) / 2, top + 6, null);
    g.setColor(Color.BLACK);
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    int y = top + PICTURE + 20;
    for (String line : lines(g.getFontMetrics(), cell.caption())) {
      g.drawString(line, left + (WIDTH - g.getFontMetrics().stringWidth(line)) / 2, y);
      y += 13;
    }
    g.setColor(Color.GRAY);
    String size = "%d × %d, %d bytes".formatted(made.getWidth(), made.getHeight(), file.length);
    g.drawString(size, left + (WIDTH - g.getFontMetrics().stringWidth(size)) / 2, y);
  }

  private Source webp(byte[] file) {
    return Pictures.source(folder, MediaType.WEBP, file);
  }

  /** What is transparent shows squares. */
  private static void checks(Graphics2D g, int left, int top, int width, int height) {
    for (int y = 0; y < height; y += 8) {
      for (int x = 0; x < width; x += 8) {
        g.setColor((x + y) / 8 % 2 == 0 ? Color.WHITE : Color.LIGHT_GRAY);
        g.fillRect(left + x, top + y, Math.min(8, width - x), Math.min(8, height - y));
      }
    }
  }

  /** Broken after commas. */
  private static List<String> lines(FontMetrics metrics, String text) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String pair : text.split("(?<=,)")) {
      if (!line.isEmpty() && metrics.stringWidth(line + pair) > WIDTH - 8) {
        lines.add(line);
        line = "";
      }
      line += pair;
    }
    lines.add(line);
    return lines;
  }

  @Test
  void noKeyOfTheGrammarIsForgotten() {
    cells();
    String said =
        String.join(
            ",", cells.stream().map(c -> c.recipe().canonical() + "," + c.caption()).toList());
    assertThatThrownBy(() -> Transformation.parse("what=1"))
        .satisfies(
            e -> {
              String message = String.valueOf(e.getMessage());
              String keys =
                  message.substring(message.indexOf("keys ") + 5, message.indexOf(", found"));
              assertThat(Arrays.asList(keys.split(", ")))
                  .hasSizeGreaterThan(20)
                  .allSatisfy(key -> assertThat("," + said).contains("," + key + "="));
            });
  }
}
