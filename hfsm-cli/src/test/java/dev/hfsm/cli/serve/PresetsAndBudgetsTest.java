package dev.hfsm.cli.serve;

import static dev.hfsm.cli.serve.Served.field;
import static dev.hfsm.cli.serve.Served.picture;
import static dev.hfsm.cli.serve.Served.text;
import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.CostLimits;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.transform.Format;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** What the page is told, and tells, of presets and budgets. */
@Timeout(300)
class PresetsAndBudgetsTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  @TempDir Path folder;
  private Served site;

  @AfterEach
  void close() {
    if (site != null) {
      site.close();
    }
  }

  private void serve(CostLimits costs) throws Exception {
    site = new Served(folder, "localhost", null, PresetsAndBudgetsTest::presets, costs);
  }

  private static PipelineBuilder presets(PipelineBuilder builder) {
    return builder
        .preset("thumb", image().cover(64, 64).format(Format.WEBP))
        .preset("hero", image().inside(600, 400), 100, 200);
  }

  private AssetId uploaded() throws Exception {
    AssetId id = AssetId.of(new Digest(field(site.post(picture("jpg", 640, 480, 1)), "id")));
    site.assets.awaitInspected(id, PATIENT);
    return id;
  }

  private HttpResponse<byte[]> told(AssetId id) throws Exception {
    return site.get("/api/assets/" + id.digest().hex());
  }

  private HttpResponse<byte[]> variant(AssetId id, String recipe) throws Exception {
    String path = "/api/assets/" + id.digest().hex() + "/link?recipe=" + recipe;
    return site.get(field(site.get(path), "url"));
  }

  @Test
  void presetsHaveAddressesForAsLongAsTheAssetIsPublic() throws Exception {
    serve(CostLimits.NONE);
    AssetId id = uploaded();
    assertThat(text(told(id)))
        .contains("\"visibility\":\"PRIVATE\"", "\"name\":\"thumb\"", "\"name\":\"hero\"")
        .doesNotContain("/assets/v/");

    site.assets.show(id, Visibility.PUBLIC);
    String hex = id.digest().hex();
    assertThat(text(told(id)))
        .contains("\"recipe\":\"w=64,h=64,fit=cover,format=webp\"")
        .containsPattern("\"url\":\"/assets/v/hero-[0-9a-f]{8}/" + hex + "\\.auto\"")
        .containsPattern("\"srcset\":\"/assets/v/hero\\.100-.* 100w, /assets/v/hero\\.200-.* 200w");
    HttpResponse<byte[]> thumb = site.get(field(told(id), "url"));
    assertThat(thumb.statusCode()).isEqualTo(200);
    assertThat(thumb.headers().firstValue("content-type")).contains("image/webp");
    assertThat(field(site.get("/api/totals"), "reused")).isEqualTo("0");
    assertThat(text(site.get("/api/totals"))).doesNotContain("budgets");

    site.get(field(told(id), "url"));
    awaitTotals("\"reused\":1,");
  }

  /** Some figures are there a moment after the answer that they are about. */
  private void awaitTotals(String pattern) throws Exception {
    Pattern wanted = Pattern.compile(pattern);
    long end = System.nanoTime() + PATIENT.toNanos();
    String totals = text(site.get("/api/totals"));
    while (!wanted.matcher(totals).find() && System.nanoTime() < end) {
      totals = text(site.get("/api/totals"));
    }
    assertThat(totals).containsPattern(wanted);
  }

  @Test
  void beyondABudgetNewVariantsAreRefusedAndPresetsMadeAndTheTotalsSaySo() throws Exception {
    serve(CostLimits.NONE.recipes(1).scopeCpu(Duration.ofHours(1)).totalBytes(1_000_000));
    AssetId id = uploaded();
    site.assets.show(id, Visibility.PUBLIC);
    assertThat(variant(id, "w=20").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> refused = variant(id, "w=21");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    String preset =
        text(told(id)).replaceFirst("(?s).*\"url\":\"(/assets/v/thumb[^\"]*)\".*", "$1");
    assertThat(site.get(preset).statusCode()).isEqualTo(200);
    assertThat(text(site.get("/api/totals")))
        .contains("\"beyond\":\"REFUSE\"", "\"presets\":\"ALWAYS\"", "\"recipes\":1")
        .containsPattern("\"bound\":\"SCOPE_CPU\",\"used\":[0-9.E-]+,\"most\":3600.0")
        .contains("\"bound\":\"RECIPES\",\"times\":1")
        .doesNotContain("TOTAL_CPU", "SCOPE_BYTES");
    awaitTotals("\"bound\":\"TOTAL_BYTES\",\"used\":[1-9][0-9]*,\"most\":1000000");
  }

  @Test
  void thePageShowsThemAndSaysWhyNothingIsMade() throws Exception {
    try (Browser browser = Browser.open("light")) {
      serve(CostLimits.NONE.recipes(0).totalCpu(Duration.ofHours(1)));
      AssetId id = uploaded();
      browser.go(site.url("/"));
      WebElement card = browser.find(By.cssSelector("#kept .card"));
      browser.until("private", () -> card.getText().contains("hfsm publish"));
      assertThat(card.findElements(By.cssSelector(".presets a"))).isEmpty();
      assertThat(browser.find(By.id("budgets-section")).getText())
          .contains("processor time within the hour, all scopes", "of 60 min", "up to 0")
          .contains("Beyond a budget new variants are refused");

      card.findElement(By.xpath(".//button[text()='320 wide']")).click();
      browser.until("refused", () -> card.getText().contains("A budget is used up; ask again in"));
      browser.until(
          "met",
          () -> browser.find(By.id("budget-words")).getText().contains("one picture (1 request)"));

      site.assets.show(id, Visibility.PUBLIC);
      browser.go(site.url("/"));
      WebElement thumb = browser.find(By.linkText("thumb"));
      assertThat(thumb.getAttribute("href")).contains("/assets/v/thumb-");
      assertThat(browser.find(By.cssSelector(".presets summary")).getText()).isEqualTo("srcset");
    }
  }

  @Test
  void whatStandsInIsSaidToDoSo() throws Exception {
    try (Browser browser = Browser.open("light")) {
      serve(CostLimits.NONE.recipes(1).beyond(CostLimits.Beyond.STAND_IN));
      AssetId id = uploaded();
      assertThat(variant(id, "w=600,format=webp").statusCode()).isEqualTo(200);
      browser.go(site.url("/"));
      WebElement card = browser.find(By.cssSelector("#kept .card"));
      browser.until("there", () -> !card.findElements(By.cssSelector(".controls")).isEmpty());
      card.findElement(By.xpath(".//button[text()='640 wide']")).click();
      browser.until(
          "stand-in", () -> card.getText().contains("the nearest that is there is shown instead"));
      assertThat(card.findElements(By.cssSelector(".variant.fresh"))).isEmpty();
    }
  }
}
