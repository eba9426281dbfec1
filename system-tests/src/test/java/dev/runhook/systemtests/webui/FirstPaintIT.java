package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// The first paint before any data has arrived, and the cost of a second visit.
@ExtendWith(SharedBrowserExtension.class)
class FirstPaintIT {
  /// Holds every request to the API until `release()` is called.
  private static final String HOLD =
      """
      const fetchNow = window.fetch.bind(window);
      const gate = new Promise(open => (window.release = open));
      window.held = [];
      window.fetch = async (...args) => {
        if (args[0] === 'api/v1/sender') return fetchNow(...args); // comes when the page is shown
        window.held.push(String(args[0]));
        await gate;
        return fetchNow(args[0], { ...args[1], signal: undefined }); // does not time out while it is held
      };
      """;

  /// Holds the first response to a request for a list of stacks until `release()` is called.
  private static final String HOLD_LIST =
      """
      const fetchNow = window.fetch.bind(window);
      const gate = new Promise(open => (window.release = open));
      let isHeld = false;
      window.fetch = async (...args) => {
        const response = await fetchNow(...args);
        if (isHeld || !String(args[0]).includes("/stacks?")) return response;
        isHeld = true;
        await gate;
        setTimeout(() => (window.isReleased = true), 50);
        return response;
      };
      """;

  /// Sums up how far content has moved without input, as Chromium measures it.
  private static final String MEASURE_SHIFTS =
      """
      window.shift = 0;
      new PerformanceObserver(list => list.getEntries().forEach(entry => (window.shift += entry.value)))
        .observe({ type: "layout-shift", buffered: true });
      """;

  private static final double MAX_SHIFT = 0.1;
  private static final String NAVIGATION =
      """
      [...document.querySelectorAll('nav:not(.crumbs) a')].map(link => {
        const { x, y } = link.getBoundingClientRect();
        return `${link.textContent.trim()} at ${Math.round(x)}, ${Math.round(y)}`;
      }).join('; ')
      """;
  private static final String LONG =
      "A-very-long-name-without-a-space-that-a-template-has-generated-from-many-other-long-names";

  private static final By PLACEHOLDER = By.cssSelector("main .skeleton");
  private static final String PAINTED =
      "performance.getEntriesByName('first-contentful-paint').length";
  private static final String PAINTED_AFTER =
      "Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)";
  private static final String FILES =
      "performance.getEntriesByType('resource').filter(each => each.name.includes('/assets/'))";

  /// Whether the files that the first view does not need have been loaded too.
  private static final String ALL_LOADED =
      "[...document.querySelectorAll('link')].every(each => performance.getEntriesByName(each.href).length)"
          + " && customElements.get('rh-health') !== undefined";

  /// The size of the files that the first view waits for.
  private static final String FIRST_SIZE =
      "[...document.querySelectorAll('link:not([rel=prefetch]), script[src]')]"
          + ".map(each => performance.getEntriesByName(each.href ?? each.src)[0].transferSize)"
          + ".reduce((sum, size) => sum + size, 0)";

  private static final String SIZE = FILES + ".reduce((sum, each) => sum + each.transferSize, 0)";

  @Test
  void a_view_is_painted_before_the_first_response(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("slow", "Slow stack");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object hold = browser.addInitScript(HOLD);
    try {
      browser.open("#/stacks/slow/settings/integrations");

      browser.await(PLACEHOLDER);
      assertThat(browser.control("Settings").isDisplayed()).isTrue();
      assertThat(browser.control("Add webhook").isDisplayed()).isTrue();
      assertThat(browser.control("Sign out").isDisplayed()).isTrue();
      assertThat(browser.await(By.cssSelector("main h1")).getText()).isEqualTo("slow");
      assertThat(browser.await(By.cssSelector("main h2")).getText()).isEqualTo("Webhooks");
      assertThat(browser.evaluate("window.held"))
          .contains("api/v1/session", "api/v1/stacks/slow", "api/v1/stacks/slow/webhooks");
      browser.awaitValue(PAINTED, "1");

      browser.evaluate("window.release()");
      browser.awaitText("Slow stack");
      browser.awaitText("No webhooks yet");
      assertThat(browser.findAll("main .skeleton")).isEmpty();
    } finally {
      browser.removeInitScript(hold);
    }
  }

  @Test
  void the_navigation_does_not_move_when_data_arrives(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("moving", LONG);
    String webhook = fixture.createWebhook("moving", disabledWebhook(LONG));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.emulate(Browser.NARROW, "light");
    Object hold = browser.addInitScript(HOLD);
    try {
      for (String view :
          List.of(
              "#/stacks/moving",
              "#/stacks/moving/settings/integrations",
              "#/stacks/moving/settings/integrations/new",
              "#/stacks/moving/settings/general",
              webhook,
              webhook + "/deliveries",
              webhook + "/health",
              webhook + "/receiver")) {
        browser.open(view);
        browser.await(By.cssSelector("main nav a"));
        browser.await(By.cssSelector("main h1"));
        String early = browser.evaluate(NAVIGATION);

        browser.evaluate("window.release()");
        browser.awaitText(LONG);
        awaitDrawn(browser);

        assertThat(browser.evaluate(NAVIGATION)).as(view).isEqualTo(early);
      }
    } finally {
      browser.removeInitScript(hold);
    }
  }

  @Test
  void content_hardly_moves_when_data_arrives(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("shifting", "Shifting stack");
    String webhook = fixture.createWebhook("shifting", disabledWebhook("1"));
    for (int number = 2; number <= 5; number++) {
      fixture.createWebhook("shifting", disabledWebhook(Integer.toString(number)));
      fixture.api().startRun("shifting", "run-" + number).requireSuccess();
    }
    fixture.api().startRun("shifting", LONG).requireSuccess();
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object hold = browser.addInitScript(HOLD);
    Object measure = browser.addInitScript(MEASURE_SHIFTS);
    try {
      for (int width : new int[] {Browser.WIDE, Browser.NARROW}) {
        browser.emulate(width, "light");
        for (String view :
            List.of(
                "#/stacks/shifting",
                "#/stacks/shifting/runs/" + LONG,
                webhook,
                webhook + "/receiver",
                webhook + "/deliveries",
                "#/deliveries")) {
          browser.open(view);
          browser.await(PLACEHOLDER);
          awaitDrawn(browser);

          browser.evaluate("window.release()");
          browser.awaitValue("document.querySelectorAll('main .skeleton').length", "0");
          awaitDrawn(browser);

          assertThat(Double.parseDouble(browser.evaluate("window.shift")))
              .as("%s at %s", view, width)
              .isLessThan(MAX_SHIFT);
        }
      }
    } finally {
      browser.removeInitScript(measure);
      browser.removeInitScript(hold);
    }
  }

  private static ObjectNode disabledWebhook(String name) {
    return WebUiFixture.json()
        .put("endpoint", "http://127.0.0.1:9/" + LONG + "?" + name)
        .put("name", name)
        .put("enabled", false);
  }

  /// Waits until the browser has drawn what it shows, and has reported what moved.
  private static void awaitDrawn(Browser browser) {
    browser.evaluate(
        "(window.isDrawn = false, requestAnimationFrame(() => requestAnimationFrame(() =>"
            + " setTimeout(() => (window.isDrawn = true)))))");
    browser.awaitValue("window.isDrawn", "true");
  }

  @Test
  void the_first_list_is_requested_before_the_modules_and_only_once(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("early", "Early stack");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    String list = "api/v1/stacks?search=early&limit=50";
    Object hold = browser.addInitScript(HOLD);
    try {
      block(browser, "*/app.js");
      browser.open("#/stacks?search=early");
      browser.awaitValue("window.held", list);

      block(browser);
      browser.open("#/stacks?search=early");
      browser.awaitValue("window.held", list + ",api/v1/session");
      browser.evaluate("window.release()");
      browser.awaitText("Early stack");
      assertThat(browser.evaluate("window.held")).isEqualTo(list + ",api/v1/session");
    } finally {
      block(browser);
      browser.removeInitScript(hold);
    }
  }

  /// Blocks requests whose URL matches a pattern, and no others.
  private static void block(Browser browser, String... patterns) {
    browser.driver.executeCdpCommand("Network.enable", Map.of());
    browser.driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(patterns)));
  }

  /// The page has requested its list with a session that has expired. The response, which says so,
  /// arrives after the user has signed in again.
  @Test
  void a_response_from_before_a_sign_in_does_not_end_the_new_session(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("late", "Late stack");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.driver.get("about:blank"); // a poll must not notice first that the session has ended
    browser.driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    Object hold = browser.addInitScript(HOLD_LIST);
    try {
      browser.open("#/stacks?search=late");
      browser.awaitText("Your session expired");
      browser.type("Token", WebUiFixture.ADMIN_TOKEN);
      browser.click("Sign in");
      browser.awaitText("Late stack");

      browser.evaluate("window.release()");

      browser.awaitValue("window.isReleased", "true");
      assertThat(browser.text()).contains("Late stack").doesNotContain("Your session expired");
    } finally {
      browser.removeInitScript(hold);
    }
  }

  @Test
  void a_second_visit_loads_no_file_again(WebUiFixture fixture, Browser browser) {
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.clearCache();
    visit(browser, "cold");
    assertThat(Integer.parseInt(browser.evaluate(FIRST_SIZE))).isBetween(20_000, 100_000);
    assertThat(Integer.parseInt(browser.evaluate(SIZE))).isLessThan(220_000);

    visit(browser, "warm");
    assertThat(browser.evaluate(SIZE)).isEqualTo("0");
  }

  /// Opens the start page and prints the time, which depends on the machine.
  private static void visit(Browser browser, String label) {
    browser.open("");
    browser.control("Sign out");
    browser.awaitValue(PAINTED, "1");
    browser.awaitValue(ALL_LOADED, "true");
    System.out.printf(
        "first paint, %s: after %s ms; %s bytes, and later %s files, %s bytes in all%n",
        label,
        browser.evaluate(PAINTED_AFTER),
        browser.evaluate(FIRST_SIZE),
        browser.evaluate(FILES + ".length"),
        browser.evaluate(SIZE));
  }

  @Test
  void a_forbidden_action_is_never_offered(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("slow", "Slow stack");
    browser.signIn(fixture.createToken("reader"));
    Object hold = browser.addInitScript(HOLD);
    try {
      browser.open("#/stacks/slow/settings/integrations");
      browser.await(PLACEHOLDER);

      assertThat(browser.hasControl("Add webhook")).isFalse();
      browser.evaluate("window.release()");
      browser.awaitText("No webhooks yet");
      assertThat(browser.hasControl("Add webhook")).isFalse();
    } finally {
      browser.removeInitScript(hold);
    }
  }
}
