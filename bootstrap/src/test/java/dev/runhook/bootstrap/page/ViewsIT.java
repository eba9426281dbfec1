package dev.runhook.bootstrap.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.receiver.Receiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// Every view, on a server that all of these tests share.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewsIT {
  private static final Path PICTURES = Path.of("target", "pictures");
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");
  private static final String HOSTILE = "<img src=x onerror=\"window.pwned=1\">";
  private static final String SCRIPT = "javascript:window.pwned=1";

  @TempDir private static Path folder;
  private Optional<Site> opened = Optional.empty();

  @BeforeAll
  void open() {
    opened = Optional.of(Site.open(folder));
  }

  @AfterAll
  void close() {
    opened.ifPresent(Site::close);
  }

  private Site site() {
    return opened.orElseThrow();
  }

  private static ObjectNode said(String endpoint) {
    return Site.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  @Test
  void a_token_that_opens_nothing_is_told_at_its_field_and_one_that_does_is_kept_nowhere() {
    try (Browser browser = Browser.open(site().url())) {
      browser.go("");
      browser.type("Token", "nobody's token, which is long enough");
      browser.press("Sign in");
      browser.awaitText("no such token is known here");
      assertThat(browser.field("Token").getDomAttribute("aria-invalid")).isEqualTo("true");

      browser.signIn(Site.ADMIN);

      assertThat(browser.value("document.cookie")).isEmpty();
      assertThat(browser.value("JSON.stringify({...localStorage, ...sessionStorage})"))
          .doesNotContain(Site.ADMIN);
      browser.go("");
      browser.control("Sign out");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void what_is_wrong_is_told_where_it_is_in_the_words_of_the_api() throws IOException {
    site().stack("forms", "Forms");
    try (Browser browser = Browser.open(site().url())) {
      browser.signIn(Site.ADMIN);
      browser.go("#/stacks/forms/settings/integrations/new");
      browser.type("Endpoint", "http://10.0.0.1/hooks");
      browser.press("Add webhook");

      browser.awaitText("RUNHOOK_ALLOWED_NETWORKS");
      WebElement field = browser.field("Endpoint");
      assertThat(field.getDomAttribute("aria-invalid")).isEqualTo("true");
      assertThat(browser.value("document.activeElement.name")).isEqualTo("endpoint");
    }
  }

  @Test
  void deliveries_appear_as_they_happen() throws IOException {
    site().stack("live", "Live");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {});
        Browser browser = Browser.open(site().url())) {
      String webhook = site().webhook("live", said(receiver.url()));
      browser.signIn(Site.ADMIN);
      browser.go(webhook + "/deliveries");
      browser.awaitText("No deliveries yet");
      browser.await(By.cssSelector(".live.on"));

      site().api().startRun("live", "run-1").expectingSuccess();
      browser.awaitText("Delivered");
      site().api().move("live", "run-1", "PREPARING", 2).expectingSuccess();
      browser.awaitText("PREPARING");

      browser.press("Send a ping");
      browser.awaitText("204 delivered");
      browser.press("Delivery, delivered, of PREPARING");
      browser.awaitText("Why it stands as it does");
      browser.awaitText("\"stateVersion\": 2");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void what_failed_is_replayed_after_a_preview_and_again_by_hand() throws IOException {
    site().stack("replay", "Replay");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {});
        Browser browser = Browser.open(site().url())) {
      String webhook =
          site()
              .webhook("replay", said(receiver.url()).put("secret", "which is not the receiver's"));
      browser.signIn(Site.ADMIN);
      browser.go(webhook + "/deliveries");
      site().api().startRun("replay", "run-1").expectingSuccess();
      browser.awaitText("Failed");
      browser.go(webhook);
      browser.press("Regenerate secret");
      browser.type("New secret", SECRET);
      browser.press(CONFIRM);
      browser.awaitText("The webhook has a new secret.");

      browser.go(webhook + "/deliveries");
      browser.press("Replay …");
      browser.awaitText("1 delivery would be sent again.");
      browser.press(CONFIRM);
      browser.awaitText("Replay: 1 of 1 delivered. Done.");

      browser.press("Delivery, failed, of QUEUED");
      browser.press("Redeliver");
      browser.awaitText("It is sent again, as a delivery of its own.");
      browser.awaitText("Delivered");
      browser.awaitText("the one before");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void what_anybody_typed_stays_text() throws IOException {
    String webhook = hostile();
    try (Browser browser = Browser.open(site().url())) {
      browser.signIn(Site.ADMIN);
      for (String view : views("hostile", webhook).values()) {
        browser.go(view);

        browser.awaitText("<img src=x");
        assertThat(browser.value("window.pwned")).as(view).isEqualTo("undefined");
        assertThat(browser.all("main img")).as(view).isEmpty();
        assertThat(browser.all("a[href^=javascript]")).as(view).isEmpty();
      }
      assertThat(browser.complaints()).isEmpty();
    }
  }

  /// A stack on which everything that can be named is named so.
  private String hostile() throws IOException {
    ObjectNode stack = Site.json().put("name", HOSTILE).put("description", HOSTILE);
    stack.putArray("labels").add(HOSTILE);
    site().stack("hostile", stack.put("url", SCRIPT).put("repository", HOSTILE));
    ObjectNode run = Site.json().put("id", "run-1").put("branch", HOSTILE).put("note", HOSTILE);
    run.putObject("commit").put("hash", HOSTILE).put("message", HOSTILE).put("url", SCRIPT);
    site()
        .api()
        .post("/stacks/hostile/runs", run.put("triggeredBy", HOSTILE).put("url", SCRIPT).toString())
        .expectingSuccess();
    return site().webhook("hostile", said("http://127.0.0.1:9/x").put("name", HOSTILE));
  }

  @Test
  void every_view_is_fit_for_those_who_do_not_see_and_on_any_screen() throws IOException {
    site().stack("networking", Site.json().put("name", "Networking"));
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {});
        Browser browser = Browser.open(site().url())) {
      String webhook = site().webhook("networking", said(receiver.url()).put("name", "Chat"));
      site().api().startRun("networking", "run-1").expectingSuccess();
      browser.go("");
      browser.field("Token");
      assertThat(browser.seriousFindings()).isEmpty();
      browser.signIn(Site.ADMIN);
      for (Map.Entry<String, String> view : views("networking", webhook).entrySet()) {
        look(browser, view.getKey() + "-wide", view.getValue(), 1280, "light");
        look(browser, view.getKey() + "-narrow", view.getValue(), 390, "dark");
      }
      assertThat(browser.complaints()).isEmpty();
    }
  }

  /// Nothing is wider than the window, and axe finds nothing serious.
  private static void look(Browser browser, String name, String view, int width, String colours) {
    browser.pretend(width, 900, colours);
    browser.go(view);
    browser.await(By.cssSelector("main h1"));
    browser.await(By.cssSelector("main .view:not(:has(.ghost))"));
    browser.picture(PICTURES.resolve(name + ".png"));
    assertThat(browser.value("document.documentElement.scrollWidth"))
        .as(name)
        .isEqualTo(Integer.toString(width));
    assertThat(browser.seriousFindings()).as(name).isEmpty();
  }

  private static Map<String, String> views(String stack, String webhook) {
    Map<String, String> views = new LinkedHashMap<>();
    views.put("stacks", "");
    views.put("runs", "#/stacks/" + stack);
    views.put("run", "#/stacks/" + stack + "/runs/run-1");
    views.put("general", "#/stacks/" + stack + "/settings/general");
    views.put("integrations", "#/stacks/" + stack + "/settings/integrations");
    views.put("add", "#/stacks/" + stack + "/settings/integrations/new");
    views.put("edit", webhook);
    views.put("deliveries", webhook + "/deliveries");
    views.put("health", webhook + "/health");
    return views;
  }
}
