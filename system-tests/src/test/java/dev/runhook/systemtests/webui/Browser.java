package dev.runhook.systemtests.webui;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// Debian's Chromium, as a person with eyes and hands would use it: things are found by what they
/// are called. Whatever is looked for is waited for.
final class Browser implements AutoCloseable {
  static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  static final int WIDE = 1280;
  static final int NARROW = 390;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final String SERIOUS_FINDINGS =
      """
      const [rules, done] = arguments;
      const options = {resultTypes: ['violations'], ...(rules.length ? {runOnly: rules} : {})};
      axe.run(document, options).then(found => done(found.violations
        .filter(each => ['serious', 'critical'].includes(each.impact))
        .map(each => each.id + ' at ' + each.nodes.map(node => node.target).join(', '))));
      """;

  private static final By LOADED =
      By.cssSelector("main > :not([data-left]):not(.skeleton):not(:has(.skeleton))");
  private static final int HEIGHT = 900;

  private final ChromeDriver driver;
  private final String server;

  private Browser(ChromeDriver driver, String server) {
    this.driver = driver;
    this.server = server;
  }

  static boolean isInstalled() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
  }

  static Browser start(String server) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--hide-scrollbars",
        "--lang=en",
        "--window-size=1280,900");
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
    return new Browser(driver, server);
  }

  /// As if nobody had used it before, but for the files that it keeps.
  void reset() {
    driver.get("about:blank");
    driver.executeCdpCommand(
        "Storage.clearDataForOrigin", Map.of("origin", server, "storageTypes", "all"));
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    emulate(WIDE, "light");
    consoleMessages();
  }

  void clearCache() {
    driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
  }

  /// Goes there as if the address was typed.
  ///
  /// @param hash what is behind the server's address; empty for the list of stacks
  void open(String hash) {
    driver.get("about:blank");
    driver.get(server + "/" + hash);
  }

  /// Goes there as a link does, and waits until what there is to see is there.
  void navigate(String hash) {
    driver.executeScript(
        """
        document.querySelector('main').firstElementChild.dataset.left = '';
        location.hash = arguments[0];
        """,
        hash);
    await(LOADED);
  }

  void signIn(String token) {
    open("");
    type("Token", token);
    click("Sign in");
    control("Sign out");
  }

  /// A field by its label, or by its name for those who do not see.
  WebElement field(String label) {
    return await(
        By.xpath(
            "//*[@aria-label='%1$s' or @id=//label[normalize-space()='%1$s']/@for]"
                .formatted(label)));
  }

  void type(String label, String text) {
    WebElement field = field(label);
    field.clear();
    field.sendKeys(text);
  }

  /// A button or link by its words, or by its name for those who do not see.
  WebElement control(String name) {
    return await(controls(name));
  }

  void click(String name) {
    click(controls(name));
  }

  void click(By by) {
    patiently(
        "press " + by,
        () -> {
          Optional<WebElement> found = visible(by);
          found.ifPresent(WebElement::click);
          return found.isPresent();
        });
  }

  boolean hasControl(String name) {
    return visible(controls(name)).isPresent();
  }

  WebElement await(By by) {
    patiently("see " + by, () -> visible(by).isPresent());
    return visible(by).orElseThrow();
  }

  void awaitText(String text) {
    patiently("read " + text, () -> text().contains(text));
  }

  void awaitValue(String expression, String value) {
    patiently("find " + value + " in " + expression, () -> evaluate(expression).equals(value));
  }

  String text() {
    return driver.findElement(By.tagName("body")).getText();
  }

  List<WebElement> findAll(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /// The value of an expression in the page, as a text.
  String evaluate(String expression) {
    return String.valueOf(driver.executeScript("return String(" + expression + ")"));
  }

  /// A window of that width, which may be narrower than a real one, in light or dark; for somebody
  /// who wants nothing to move.
  void emulate(int width, String colours) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", colours),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /// A script that runs before those of each page that is opened from now on; the handle to undo
  /// it.
  Object addInitScript(String script) {
    return requireNonNull(
        driver
            .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
            .get("identifier"));
  }

  void removeInitScript(Object handle) {
    driver.executeCdpCommand(
        "Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", handle));
  }

  /// The page as far as it goes.
  void screenshot(Path file) {
    Object data =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
            .get("data");
    try {
      Files.createDirectories(requireNonNull(file.getParent()));
      Files.write(file, Base64.getDecoder().decode(String.valueOf(data)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What axe finds that is serious or worse.
  ///
  /// @param rules the ids of those to go by; all where there is none
  List<?> seriousViolations(String... rules) {
    if (evaluate("typeof axe").equals("undefined")) {
      driver.executeScript(axe());
    }
    return (List<?>) requireNonNull(driver.executeAsyncScript(SERIOUS_FINDINGS, List.of(rules)));
  }

  /// Strikes these keys, one after another, whatever has the focus.
  void pressKeys(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /// Strikes a key while Shift is down.
  void pressShift(CharSequence key) {
    new Actions(driver).keyDown(Keys.SHIFT).sendKeys(key).keyUp(Keys.SHIFT).perform();
  }

  /// What has the focus; the body where nothing has.
  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /// What was written to the console since it was asked last. Left out are answers of 4xx, which
  /// Chromium writes there whoever is to blame, and what it thinks of the way axe measures colours.
  List<String> consoleMessages() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .filter(line -> !line.matches("(?s).*the server responded with a status of 4\\d\\d.*"))
        .filter(line -> !line.contains("willReadFrequently"))
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }

  private static By controls(String name) {
    return By.xpath(
        "//*[self::button or self::a or self::summary][normalize-space()=\"%1$s\" or @aria-label=\"%1$s\"]"
            .formatted(name));
  }

  private Optional<WebElement> visible(By by) {
    return driver.findElements(by).stream().filter(WebElement::isDisplayed).findFirst();
  }

  private void patiently(String what, Callable<Boolean> condition) {
    ConditionFactory patient =
        Awaitility.await()
            .pollInterval(Duration.ofMillis(50))
            .atMost(PATIENCE)
            .ignoreExceptionsMatching(e ->
                e instanceof StaleElementReferenceException
                    || e instanceof ElementNotInteractableException);
    try {
      patient.until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("waited in vain to " + what + "; there is: " + text(), e);
    }
  }

  private static String axe() {
    try (InputStream in = requireNonNull(Browser.class.getResourceAsStream(AXE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
