package dev.hfsm.cli.serve;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium that is installed here; nothing is ever downloaded. */
final class Browser implements AutoCloseable {

  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final Duration PATIENT = Duration.ofSeconds(120);

  private final ChromeDriver driver;

  /** Held, so that its level lasts: warns of each Chromium that is newer than Selenium. */
  private static final Logger VERSIONS = Logger.getLogger("org.openqa.selenium.devtools");

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Skips the test, and says so, where there is no browser. */
  static Browser open(String scheme) {
    Optional<Path> browser = BROWSERS.stream().flatMap(name -> find(name).stream()).findFirst();
    Optional<Path> control = find("chromedriver");
    if (browser.isEmpty() || control.isEmpty()) {
      System.err.println(
          "SKIPPED: the page is not driven, for want of chromium and chromedriver on the PATH");
    }
    assumeThat(browser).as("needs chromium on the PATH").isPresent();
    assumeThat(control).as("needs chromedriver on the PATH").isPresent();
    VERSIONS.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.orElseThrow().toFile());
    // Whoever builds as root, in a container, has no sandbox; the pages are our own.
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu");
    options.addArguments("--disable-dev-shm-usage", "--disable-background-networking");
    LoggingPreferences log = new LoggingPreferences();
    log.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", log);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(control.orElseThrow().toFile())
            .usingAnyFreePort()
            .build();
    Browser opened = new Browser(new ChromeDriver(service, options));
    opened.prefer(scheme);
    return opened;
  }

  private static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void width(int width) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
  }

  void go(String url) {
    driver.get(url);
  }

  /** Chooses files as a user does. */
  void choose(Path... files) {
    String names =
        String.join("\n", Arrays.stream(files).map(f -> f.toAbsolutePath().toString()).toList());
    find(By.id("files")).sendKeys(names);
  }

  WebElement find(By what) {
    return await(what.toString(), () -> driver.findElements(what).stream().findFirst());
  }

  /** The card of that title. */
  WebElement card(String title) {
    return find(By.xpath("//li[contains(@class,'card')][.//h3[text()='" + title + "']]"));
  }

  void press(Keys key) {
    new Actions(driver).sendKeys(key).perform();
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  Object run(String script, Object... arguments) {
    return String.valueOf(driver.executeScript(script, arguments));
  }

  void until(String what, java.util.function.BooleanSupplier condition) {
    new WebDriverWait(driver, PATIENT)
        .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
        .withMessage(what)
        .until(d -> condition.getAsBoolean());
  }

  private <T> T await(String what, java.util.function.Supplier<Optional<T>> source) {
    return new WebDriverWait(driver, PATIENT)
        .withMessage(what)
        .until(d -> source.get().orElse(null));
  }

  /** What the browser complained of, violations of the policy among it. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getMessage())
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
