package dev.hfsm.cli.serve;

import static dev.hfsm.cli.serve.Served.picture;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a real browser, as somebody uses it. */
@Timeout(300)
class PageTest {

  private static final String OVERFLOW =
      "const all = document.documentElement; return all.scrollWidth - all.clientWidth";

  @TempDir Path folder;
  private Browser browser;
  private Served site;

  @BeforeEach
  void open() throws Exception {
    browser = Browser.open("light");
    site = new Served(folder, "localhost", null);
    browser.go(site.url("/"));
  }

  @AfterEach
  void close() {
    if (site != null) {
      site.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private void awaitState(WebElement card, String state) {
    browser.until(state, () -> state.equals(card.getAttribute("data-state")));
  }

  private static List<String> texts(WebElement within, String css) {
    return within.findElements(By.cssSelector(css)).stream().map(WebElement::getText).toList();
  }

  private static WebElement button(WebElement card, String label) {
    return card.findElement(By.xpath(".//button[text()='" + label + "']"));
  }

  private void awaitText(String id, String text) {
    browser.until(id + " " + text, () -> browser.find(By.id(id)).getText().contains(text));
  }

  @Test
  void picturesAreUploadedDescribedAndMadeIntoVariants() throws Exception {
    byte[] sea = picture("jpg", 900, 600, 1);
    browser.choose(file("sea.jpg", sea), file("hill.png", picture("png", 400, 500, 2)));
    WebElement card = browser.card("sea.jpg");
    awaitState(card, "METADATA_READY");
    assertThat(texts(card, ".steps .done"))
        .satisfiesExactly(
            step -> assertThat(step).startsWith("ingested"),
            step -> assertThat(step).startsWith("dedup check"),
            step -> assertThat(step).startsWith("metadata ready"));
    assertThat(card.findElement(By.cssSelector(".steps [aria-current]")).getText())
        .startsWith("metadata ready");
    assertThat(texts(card, ".facts dd")).contains("JPEG", "900 × 600");
    awaitState(browser.card("hill.png"), "METADATA_READY");
    browser.until(
        "spoken",
        () -> browser.find(By.id("said")).getAttribute("textContent").contains("metadata ready"));

    browser.choose(file("the-same.jpg", sea));
    WebElement twin = browser.card("the-same.jpg");
    browser.until("duplicate", () -> texts(twin, ".badge").contains("duplicate"));
    assertThat(twin.findElement(By.cssSelector(".message")).getText())
        .startsWith("The same bytes as sea.jpg: nothing stored");
    awaitText("total-words", "1 duplicate recognised");
    browser.until("said of the first", () -> texts(card, ".facts dd").contains("2, stored once"));

    button(card, "320 wide").click();
    browser.until("variant", () -> !card.findElements(By.cssSelector(".variant.fresh")).isEmpty());
    awaitState(card, "VARIANTS_READY");
    WebElement image = card.findElement(By.cssSelector(".frame img"));
    assertThat(browser.run("return arguments[0].naturalWidth", image)).isEqualTo("320");
    assertThat(texts(card, ".variant.fresh .bar-time"))
        .satisfiesExactly(
            first -> assertThat(first).containsPattern("[0-9] m?s .*[0-9] m?s to make it"),
            second -> assertThat(second).containsPattern("^[0-9.]+ m?s$"));
    awaitText("total-words", "1 variant kept");
    awaitText("total-words", "1 request answered without making anything");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whatIsKeptIsThereAgainWithItsVariants() throws Exception {
    browser.choose(file("sea.jpg", picture("jpg", 900, 600, 1)));
    WebElement before = browser.card("sea.jpg");
    awaitState(before, "METADATA_READY");
    before.findElement(By.cssSelector("input[value=jpeg]")).click();
    button(before, "square").click();
    awaitState(before, "VARIANTS_READY");

    browser.go(site.url("/"));
    WebElement card = browser.card("sea.jpg");
    awaitState(card, "VARIANTS_READY");
    WebElement image = card.findElement(By.cssSelector(".frame img"));
    browser.until(
        "decoded", () -> browser.run("return arguments[0].naturalWidth", image).equals("320"));
    assertThat(texts(card, ".variant code"))
        .containsExactly("w=320,h=320,fit=cover,gravity=smart,format=jpeg");
    assertThat(texts(card, ".variant p").get(0)).startsWith("320 × 320 JPEG");
  }

  @Test
  void aSmallPictureIsShownByTheVariantThereIs() throws Exception {
    browser.choose(file("small.jpg", picture("jpg", 90, 60, 1)));
    WebElement before = browser.card("small.jpg");
    awaitState(before, "METADATA_READY");
    button(before, "320 wide").click();
    awaitState(before, "VARIANTS_READY");

    browser.go(site.url("/"));
    WebElement image = browser.find(By.cssSelector("#kept .frame img"));
    browser.until(
        "decoded", () -> browser.run("return arguments[0].naturalWidth", image).equals("90"));
  }

  @Test
  void whatIsKeptIsShownWithTheNewestFirst() throws Exception {
    for (String name : List.of("first.txt", "second.txt", "third.txt", "fourth.txt")) {
      browser.choose(file(name, name.getBytes(StandardCharsets.UTF_8)));
      awaitState(browser.card(name), "METADATA_READY");
    }
    browser.go(site.url("/"));
    awaitText("kept-order", "Newest first.");
    browser.until("all four", () -> names().size() == 4);
    assertThat(names()).containsExactly("fourth.txt", "third.txt", "second.txt", "first.txt");
    assertThat(browser.find(By.cssSelector(".totals")).getText())
        .contains("work saved since the start");
  }

  private List<String> names() {
    return texts(browser.find(By.id("kept")), "h3");
  }

  @Test
  void whatIsBrokenHostileOrNoPictureIsSaidInWords() throws Exception {
    String name = "<img src=x onerror=document.title='owned'>.png";
    byte[] broken = "\u0089PNG\r\n\u001a\n nothing".getBytes(StandardCharsets.ISO_8859_1);
    browser.choose(
        file(name, broken),
        file("notes.txt", "just text".getBytes(StandardCharsets.UTF_8)),
        file("empty.jpg", new byte[0]),
        file("large.bin", new byte[(int) Served.MAX_BYTES + 1]));
    WebElement hostile = browser.find(By.cssSelector("[data-state=REJECTED]"));
    assertThat(hostile.findElement(By.tagName("h3")).getText()).isEqualTo(name);
    assertThat(hostile.findElement(By.cssSelector(".message")).getText())
        .containsIgnoringCase("png")
        .endsWith("The bytes are kept as they are; no variants can be made of them.");
    assertThat(browser.run("return document.title")).isEqualTo("HFSM");
    assertThat(browser.run("return document.querySelectorAll('img').length")).isEqualTo("0");

    WebElement text = browser.card("notes.txt");
    awaitState(text, "METADATA_READY");
    assertThat(text.getText()).contains("no variants can be made of this type");
    assertThat(browser.card("empty.jpg").getText()).contains("It is empty");
    assertThat(browser.card("large.bin").getText()).contains("too large: 3.0 MB");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aServerThatIsGoneIsSaid() throws Exception {
    browser.until("begun", () -> !browser.find(By.id("total-stored")).getText().equals("–"));
    site.close();
    browser.choose(file("late.txt", new byte[] {1}));
    WebElement card = browser.card("late.txt");
    browser.until("refused", () -> texts(card, ".badge").contains("refused"));
    assertThat(card.getText()).contains("The upload broke off.");
  }

  @Test
  void everythingFitsOnAPhoneLightAndDark() throws Exception {
    String longName = "a-name-that-goes-on-and-on-".repeat(6) + ".jpg";
    browser.choose(file(longName, picture("jpg", 900, 600, 1)), file("x.png", new byte[] {1, 2}));
    WebElement card = browser.card(longName);
    awaitState(card, "METADATA_READY");
    button(card, "640 wide").click();
    browser.until("variant", () -> !card.findElements(By.cssSelector(".variant.fresh")).isEmpty());
    String light = ground();
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      for (int width : new int[] {1100, 360, 320}) {
        browser.width(width);
        assertThat(browser.run("return innerWidth")).isEqualTo(String.valueOf(width));
        assertThat(browser.run(OVERFLOW)).as("%s, %d pixels wide", scheme, width).isEqualTo("0");
      }
    }
    assertThat(ground()).isNotEqualTo(light);
  }

  private String ground() {
    return browser.run("return getComputedStyle(document.body).backgroundColor").toString();
  }

  @Test
  void theKeyboardIsEnough() throws Exception {
    browser.press(Keys.TAB);
    assertThat(browser.focused().getAttribute("id")).isEqualTo("files");
    assertThat(browser.run("return getComputedStyle(document.getElementById('drop')).outlineStyle"))
        .isEqualTo("solid");
    browser.choose(file("sea.jpg", picture("jpg", 900, 600, 1)));
    WebElement card = browser.card("sea.jpg");
    awaitState(card, "METADATA_READY");
    for (int i = 0; i < 10 && !browser.focused().getText().equals("640 wide"); i++) {
      browser.press(Keys.TAB);
    }
    assertThat(browser.focused().getText()).isEqualTo("640 wide");
    assertThat(browser.run("return getComputedStyle(document.activeElement).outlineStyle"))
        .isEqualTo("solid");
    browser.press(Keys.ENTER);
    browser.until("variant", () -> !card.findElements(By.cssSelector(".variant.fresh")).isEmpty());
  }

  @Test
  void aTokenIsAskedForOnceAndTakenFromTheAddress() throws Exception {
    Token token = Token.random();
    try (Served closed = new Served(folder.resolve("closed"), "0.0.0.0", token)) {
      browser.go(closed.url("/"));
      WebElement form = browser.find(By.id("token-form"));
      browser.until("asked", form::isDisplayed);
      browser.find(By.id("token")).sendKeys("not-the-right-one", Keys.ENTER);
      awaitText("token-problem", "not the right one");
      browser.find(By.id("token")).sendKeys(token.reveal(), Keys.ENTER);
      browser.until("let in", () -> !form.isDisplayed());
      browser.choose(file("sea.jpg", picture("jpg", 90, 60, 1)));
      awaitState(browser.card("sea.jpg"), "METADATA_READY");
    }
    try (Served closed = new Served(folder.resolve("again"), "0.0.0.0", token)) {
      browser.go(closed.url("/#token=" + token.reveal()));
      browser.until("begun", () -> !browser.find(By.id("total-stored")).getText().equals("–"));
      assertThat(browser.run("return location.href")).isEqualTo(closed.url("/"));
      assertThat(browser.find(By.id("token-form")).isDisplayed()).isFalse();
    }
  }
}
