package dev.hfsm.cli.serve;

import static dev.hfsm.cli.serve.Served.field;
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

/** What the page says where something cannot be had. */
@Timeout(300)
class PageTroubleTest {

  @TempDir Path folder;
  private Browser browser;

  @BeforeEach
  void open() {
    browser = Browser.open("light");
  }

  @AfterEach
  void close() {
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

  private String text(String id) {
    return browser.find(By.id(id)).getText();
  }

  private static List<WebElement> buttons(WebElement card) {
    return card.findElements(By.tagName("button"));
  }

  /** The boxes of a HEIC of 32 by 40 pixels: its size is known, and nothing is made of it. */
  private static byte[] heic() {
    String boxes =
        "\0\0\0\24ftypheic\0\0\0\0heic"
            + "\0\0\0\60meta\0\0\0\0"
            + "\0\0\0\44iprp\0\0\0\34ipco"
            + "\0\0\0\24ispe\0\0\0\0\0\0\0\40\0\0\0\50";
    return boxes.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatCanBeAskedForIsOfferedAndNothingElse() throws Exception {
    try (Served site = new Served(folder, "localhost", null)) {
      browser.go(site.url("/"));
      browser.choose(file("sea.jpg", picture("jpg", 90, 60, 1)), file("phone.heic", heic()));
      WebElement sea = browser.card("sea.jpg");
      awaitState(sea, "METADATA_READY");
      assertThat(buttons(sea)).isNotEmpty();
      assertThat(sea.findElement(By.cssSelector("[role=group]")).getAttribute("aria-label"))
          .isEqualTo("Ask for a variant of sea.jpg");
      WebElement phone = browser.card("phone.heic");
      awaitState(phone, "METADATA_READY");
      assertThat(phone.getText())
          .contains("32 × 40", "no variants can be made of this type")
          .doesNotContain("variants ready");
      assertThat(buttons(phone)).isEmpty();
      String id = phone.getAttribute("id").substring("asset-".length());
      assertThat(field(site.get("/api/assets/" + id), "makesVariants")).isEqualTo("false");
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsSaidForAllToSee() throws Exception {
    try (Served site = new Served(folder, "localhost", null)) {
      browser.go(site.url("/"));
      browser.choose(file("sea.jpg", picture("jpg", 90, 60, 1)));
      awaitState(browser.card("sea.jpg"), "METADATA_READY");
      assertThat(text("trouble")).isEmpty();
      site.close();
      buttons(browser.card("sea.jpg")).get(0).click();
      browser.until("said", () -> text("trouble").equals("The server does not answer."));
    }
  }

  @Test
  void aTokenThatIsNotTakenAnyMoreIsAskedForAgain() throws Exception {
    Token token = Token.random();
    try (Served site = new Served(folder, "0.0.0.0", token)) {
      browser.go(site.url("/#token=" + token.reveal()));
      browser.until("begun", () -> !text("total-stored").equals("–"));
      WebElement form = browser.find(By.id("token-form"));
      assertThat(form.isDisplayed()).isFalse();

      browser.run("sessionStorage.setItem('hfsm-token', 'of-a-server-that-was')");
      browser.choose(file("early.txt", new byte[] {1}));
      browser.until("asked", form::isDisplayed);
      assertThat(text("token-problem")).isEqualTo("The token is missing or not the right one.");
      browser.find(By.id("token")).sendKeys(token.reveal(), Keys.ENTER);
      browser.until("let in", () -> !form.isDisplayed());
      browser.choose(file("late.txt", new byte[] {2}));
      awaitState(browser.card("late.txt"), "METADATA_READY");
      assertThat(text("trouble")).isEmpty();
    }
  }
}
