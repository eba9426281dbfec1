package dev.runhook.bootstrap.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.receiver.Receiver;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// What the views do besides the story of [PageIT].
@ExtendWith(Visit.class)
class ViewsIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");
  private static final String HOSTILE = "<img src=x onerror=\"window.pwned=1\">";
  private static final String SCRIPT = "javascript:window.pwned=1";

  private static ObjectNode said(String endpoint) {
    return Site.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  @Test
  void a_token_that_opens_nothing_is_told_at_its_field_and_one_that_does_is_kept_nowhere(
      Site site, Browser browser) {
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
  }

  @Test
  void what_is_wrong_is_told_where_it_is_in_the_words_of_the_api(Site site, Browser browser)
      throws IOException {
    site.stack("forms", "Forms");
    browser.signIn(Site.ADMIN);
    browser.go("#/stacks/forms/settings/integrations/new");
    browser.type("Endpoint", "http://10.0.0.1/hooks");
    browser.press("Add webhook");

    browser.awaitText("RUNHOOK_ALLOWED_NETWORKS");
    WebElement field = browser.field("Endpoint");
    assertThat(field.getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.value("document.activeElement.name")).isEqualTo("endpoint");
  }

  @Test
  void deliveries_appear_as_they_happen(Site site, Browser browser) throws IOException {
    site.stack("live", "Live");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = site.webhook("live", said(receiver.url()));
      browser.signIn(Site.ADMIN);
      browser.go(webhook + "/deliveries");
      browser.awaitText("No deliveries yet");
      browser.await(By.cssSelector(".live.on"));

      site.api().startRun("live", "run-1").expectingSuccess();
      browser.awaitText("Delivered");
      site.api().move("live", "run-1", "PREPARING", 2).expectingSuccess();
      browser.awaitText("PREPARING");

      browser.press("Send a ping");
      browser.awaitText("204 delivered");
      browser.press("Delivery, delivered, of PREPARING");
      browser.awaitText("Why it stands as it does");
      browser.awaitText("\"stateVersion\": 2");
    }
  }

  @Test
  void what_failed_is_replayed_after_a_preview_and_again_by_hand(Site site, Browser browser)
      throws IOException {
    site.stack("replay", "Replay");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook =
          site.webhook("replay", said(receiver.url()).put("secret", "which is not the receiver's"));
      browser.signIn(Site.ADMIN);
      browser.go(webhook + "/deliveries");
      site.api().startRun("replay", "run-1").expectingSuccess();
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
      browser.awaitText("As attempt 2 sent it, to " + receiver.url());
      browser.press("Redeliver");
      browser.awaitText("It is sent again, as a delivery of its own.");
      browser.awaitText("Delivered");
      browser.awaitText("the one before");
    }
  }

  @Test
  void what_anybody_typed_stays_text(Site site, Browser browser) throws IOException {
    String webhook = hostile(site);
    browser.signIn(Site.ADMIN);
    for (String view : views("hostile", webhook)) {
      browser.go(view);

      browser.awaitText("<img src=x");
      assertThat(browser.value("window.pwned")).as(view).isEqualTo("undefined");
      assertThat(browser.all("main img")).as(view).isEmpty();
      assertThat(browser.all("a[href^=javascript]")).as(view).isEmpty();
    }
  }

  /// A stack on which everything that can be named is named so.
  private static String hostile(Site site) throws IOException {
    ObjectNode stack = Site.json().put("name", HOSTILE).put("description", HOSTILE);
    stack.putArray("labels").add(HOSTILE);
    site.stack("hostile", stack.put("url", SCRIPT).put("repository", HOSTILE));
    ObjectNode run = Site.json().put("id", "run-1").put("branch", HOSTILE).put("note", HOSTILE);
    run.putObject("commit").put("hash", HOSTILE).put("message", HOSTILE).put("url", SCRIPT);
    site.api()
        .post("/stacks/hostile/runs", run.put("triggeredBy", HOSTILE).put("url", SCRIPT).toString())
        .expectingSuccess();
    return site.webhook("hostile", said("http://127.0.0.1:9/x").put("name", HOSTILE));
  }

  private static List<String> views(String stack, String webhook) {
    String place = "#/stacks/" + stack;
    String settings = place + "/settings/";
    return List.of(
        "",
        place,
        place + "/runs/run-1",
        settings + "general",
        settings + "integrations",
        settings + "integrations/new",
        webhook,
        webhook + "/deliveries",
        webhook + "/health");
  }
}
