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
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.openqa.selenium.Alert;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoAlertPresentException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// Debian's Chromium. Elements are found by their visible label or accessible name, and every
/// lookup waits until the element appears.
final class Browser implements AutoCloseable {
  static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  static final int WIDE = 1280;
  static final int NARROW = 390;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final String FIND_SERIOUS_VIOLATIONS =
      """
      const [rules, done] = arguments;
      const more = {'label-content-name-mismatch': {enabled: true}, 'target-size': {enabled: true}};
      const options = {resultTypes: ['violations'], ...(rules.length ? {runOnly: rules} : {rules: more})};
      const sticky = [...document.querySelectorAll('*')].filter(each => getComputedStyle(each).position === 'sticky');
      sticky.forEach(each => (each.style.position = 'static')); // what they cover depends on the scroll position
      axe.run(document.querySelector('dialog:modal') ?? document, options).then(found => {
        sticky.forEach(each => (each.style.position = ''));
        done(found.violations
          .filter(each => ['serious', 'critical'].includes(each.impact))
          .map(each => each.id + ' at ' + each.nodes.map(node => node.target).join(', ')));
      });
      """;

  /// An option is as visible as its list.
  private static final String FIRST_VISIBLE =
      """
      return arguments[0].find(found => {
        const each = found.closest('select') ?? found;
        return each.getClientRects().length > 0
          && each.checkVisibility({visibilityProperty: true, opacityProperty: true});
      });
      """;

  private static final String UNCOVER =
      """
      const [element] = arguments;
      const { left, top, width, height } = element.getBoundingClientRect();
      const found = document.elementFromPoint(left + width / 2, top + height / 2);
      if (found && !element.contains(found)) element.scrollIntoView({ block: 'center' });
      """;

  private static final By LOADED =
      By.cssSelector("main > :not([data-left]):not(.skeleton):not(:has(.skeleton))");
  private static final int HEIGHT = 900;

  final ChromeDriver driver;
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
        "--disable-extensions",
        "--disable-component-extensions-with-background-pages",
        // one process for all pages, which come from one server: starting them takes half of the
        // time
        "--disable-site-isolation-trials",
        "--renderer-process-limit=1",
        "--in-process-gpu",
        "--disable-software-rasterizer",
        "--disable-features=SpareRendererForSitePerProcess,BackForwardCache,PaintHolding,Translate",
        "--no-first-run",
        "--hide-scrollbars",
        "--lang=en",
        "--window-size=1280,900");
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(TIMEOUT).scriptTimeout(TIMEOUT);
    return new Browser(driver, server);
  }

  /// Resets the browser to its initial state, except for cached files.
  void reset() {
    driver.get("about:blank");
    driver.executeCdpCommand(
        "Storage.clearDataForOrigin", Map.of("origin", server, "storageTypes", "all"));
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", false));
    emulate(WIDE, "light");
    consoleMessages();
  }

  void clearCache() {
    driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
  }

  /// Loads a view as if the user typed its address.
  ///
  /// @param hash the fragment of the URL; empty for the list of stacks
  void open(String hash) {
    driver.get("about:blank");
    driver.get(server + "/" + hash);
  }

  /// Opens a view as if the user followed a link, and waits until it has loaded.
  void navigate(String hash) {
    driver.executeScript(
        """
        document.querySelector('main').firstElementChild.dataset.left = '';
        location.hash = arguments[0];
        """,
        hash);
    await(LOADED);
  }

  /// Goes back in the history.
  void back() {
    driver.navigate().back();
  }

  /// Answers a question of the page.
  ///
  /// @return the question
  String answerQuestion(boolean accept) {
    Alert alert =
        Awaitility.await()
            .atMost(TIMEOUT)
            .ignoreException(NoAlertPresentException.class)
            .until(() -> driver.switchTo().alert(), _ -> true);
    String question = alert.getText();
    if (accept) {
      alert.accept();
    } else {
      alert.dismiss();
    }
    return question;
  }

  void signIn(String token) {
    open("");
    type("Token", token);
    click("Sign in");
    control("Sign out");
  }

  /// A field by its label or accessible name.
  WebElement field(String label) {
    return await(
        By.xpath(
            "//*[@aria-label='%1$s' or @id=//label[normalize-space()='%1$s']/@for]"
                .concat(
                    " | //label[text()[normalize-space()='%1$s']]/*[self::input or self::select]")
                .formatted(label)));
  }

  void type(String label, String text) {
    WebElement field = field(label);
    field.clear();
    field.sendKeys(text);
  }

  /// A button or link by its text or accessible name.
  WebElement control(String name) {
    return await(controls(name));
  }

  void click(String name) {
    click(controls(name));
  }

  void click(By by) {
    awaitCondition(
        "click " + by,
        () -> {
          Optional<WebElement> found = visible(by);
          found.ifPresent(this::click);
          return found.isPresent();
        });
  }

  /// Scrolls first if a bar at the top or the bottom of the window covers the element.
  private void click(WebElement element) {
    driver.executeScript(UNCOVER, element);
    element.click();
  }

  boolean hasControl(String name) {
    return visible(controls(name)).isPresent();
  }

  WebElement await(By by) {
    AtomicReference<WebElement> seen = new AtomicReference<>();
    awaitCondition(
        "see " + by,
        () -> {
          visible(by).ifPresent(seen::set);
          return seen.get() != null;
        });
    return requireNonNull(seen.get());
  }

  void awaitText(String text) {
    awaitCondition("read " + text, () -> text().contains(text));
  }

  void awaitValue(String expression, String value) {
    awaitCondition("find " + value + " in " + expression, () -> evaluate(expression).equals(value));
  }

  /// The visible text of the page. The driver's own `getText` takes seconds for the API reference.
  String text() {
    return evaluate("document.body.innerText");
  }

  List<WebElement> findAll(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /// The value of a JavaScript expression, as a string.
  String evaluate(String expression) {
    return String.valueOf(driver.executeScript("return String(" + expression + ")"));
  }

  /// Emulates a screen of the given width with a color scheme and reduced motion. The width may be
  /// smaller than the minimum of a window.
  void emulate(int width, String colorScheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", colorScheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /// Adds a script that runs before the scripts of each page that is loaded from now on.
  ///
  /// @return the handle for [#removeInitScript]
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

  /// Saves a screenshot of the whole page.
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

  /// The serious and critical violations that axe finds, in the dialog if one is open, because
  /// everything behind it is inert.
  ///
  /// @param rules the ids of the rules to check; all rules if empty
  List<?> seriousViolations(String... rules) {
    if (evaluate("typeof axe").equals("undefined")) {
      driver.executeScript(axe());
    }
    return (List<?>)
        requireNonNull(driver.executeAsyncScript(FIND_SERIOUS_VIOLATIONS, List.of(rules)));
  }

  /// Presses keys, one after another, on the focused element.
  void pressKeys(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /// Presses a key together with Shift.
  void pressShift(CharSequence key) {
    press(Keys.SHIFT, key);
  }

  /// Presses a key together with Control.
  void pressControl(CharSequence key) {
    press(Keys.CONTROL, key);
  }

  private void press(Keys modifier, CharSequence key) {
    new Actions(driver).keyDown(modifier).sendKeys(key).keyUp(modifier).perform();
  }

  /// The focused element, or the body if no element has the focus.
  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /// The console messages since the last call. Omits responses with 4xx and cleared data, which
  /// Chromium always logs, and a warning about the way axe measures colors.
  List<String> consoleMessages() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .filter(line -> !line.matches("(?s).*the server responded with a status of 4\\d\\d.*"))
        .filter(line -> !line.contains("Clear-Site-Data header on"))
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

  /// Asks for all elements at once, because `isDisplayed` of the driver is slow.
  private Optional<WebElement> visible(By by) {
    List<WebElement> found = driver.findElements(by);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable((WebElement) driver.executeScript(FIRST_VISIBLE, found));
  }

  private void awaitCondition(String description, Callable<Boolean> predicate) {
    ConditionFactory condition =
        Awaitility.await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(50))
            .atMost(TIMEOUT)
            .ignoreExceptionsMatching(e ->
                e instanceof StaleElementReferenceException
                    || e instanceof ElementNotInteractableException);
    try {
      condition.until(predicate);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("timeout: " + description + "; the page shows: " + text(), e);
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
