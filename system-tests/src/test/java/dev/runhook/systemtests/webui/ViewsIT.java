package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.receiver.Receiver;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// What the views do besides the story of [WebhookLifecycleIT].
@ExtendWith(SharedBrowserExtension.class)
class ViewsIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");
  private static final String HOSTILE = "<img src=x onerror=\"window.pwned=1\">";
  private static final String SCRIPT = "javascript:window.pwned=1";

  private static ObjectNode said(String endpoint) {
    return WebUiFixture.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  @Test
  void a_token_that_opens_nothing_is_told_at_its_field_and_one_that_does_is_kept_nowhere(
      WebUiFixture webUiFixture, Browser browser) {
    browser.open("");
    browser.type("Token", "nobody's token, which is long enough");
    browser.click("Sign in");
    browser.awaitText("this server does not know the token");
    assertThat(browser.field("Token").getDomAttribute("aria-invalid")).isEqualTo("true");

    browser.signIn(WebUiFixture.ADMIN_TOKEN);

    assertThat(browser.evaluate("document.cookie")).isEmpty();
    assertThat(browser.evaluate("JSON.stringify({...localStorage, ...sessionStorage})"))
        .doesNotContain(WebUiFixture.ADMIN_TOKEN);
    browser.open("");
    browser.control("Sign out");
  }

  @Test
  void what_is_wrong_is_told_where_it_is_in_the_words_of_the_api(
      WebUiFixture webUiFixture, Browser browser) throws IOException {
    webUiFixture.putStack("forms", "Forms");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open("#/stacks/forms/settings/integrations/new");
    browser.type("Endpoint", "http://10.0.0.1/hooks");
    browser.click("Add webhook");

    browser.awaitText("allow its network");
    WebElement field = browser.field("Endpoint");
    assertThat(field.getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.evaluate("document.activeElement.name")).isEqualTo("endpoint");
  }

  @Test
  void deliveries_appear_as_they_happen(WebUiFixture webUiFixture, Browser browser)
      throws IOException {
    webUiFixture.putStack("live", "Live");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = webUiFixture.createWebhook("live", said(receiver.url()));
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.awaitText("No deliveries yet");
      browser.await(By.cssSelector(".live.on"));

      webUiFixture.api().startRun("live", "run-1").requireSuccess();
      browser.awaitText("Delivered");
      webUiFixture.api().recordTransition("live", "run-1", "PREPARING", 2).requireSuccess();
      browser.awaitText("PREPARING");

      browser.click("Send test event");
      browser.awaitText("204 delivered");
      browser.click("PREPARING of run-1: Delivered");
      browser.awaitText("Timeline");
      browser.awaitText("\"stateVersion\": 2");
    }
  }

  @Test
  void what_failed_is_replayed_after_a_preview_and_again_by_hand(
      WebUiFixture webUiFixture, Browser browser) throws IOException {
    webUiFixture.putStack("replay", "Replay");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook =
          webUiFixture.createWebhook(
              "replay", said(receiver.url()).put("secret", "which is not the receiver's"));
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      webUiFixture.api().startRun("replay", "run-1").requireSuccess();
      browser.awaitText("Failed");
      browser.open(webhook);
      browser.click("Rotate secret");
      browser.type("New secret", SECRET);
      browser.click(CONFIRM);
      browser.awaitText("Secret rotated");

      browser.open(webhook + "/deliveries");
      browser.click("Resend deliveries…");
      browser.awaitText("1 delivery will be resent.");
      browser.click(CONFIRM);
      browser.awaitText("Delivered.");

      browser.click("QUEUED of run-1: Failed");
      browser.awaitText("Sent to " + receiver.url() + " (attempt 2)");
      browser.click("Redeliver");
      browser.awaitText("Redelivery queued");
      browser.awaitText("Delivered");
      browser.awaitText("Original delivery");
    }
  }

  @Test
  void what_anybody_typed_stays_text(WebUiFixture webUiFixture, Browser browser)
      throws IOException {
    String webhook = hostile(webUiFixture);
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    for (String view : views("hostile", webhook)) {
      browser.open(view);

      browser.awaitText("<img src=x");
      assertThat(browser.evaluate("window.pwned")).as(view).isEqualTo("undefined");
      assertThat(browser.findAll("main img")).as(view).isEmpty();
      assertThat(browser.findAll("a[href^=javascript]")).as(view).isEmpty();
    }
  }

  /// A stack on which everything that can be named is named so.
  private static String hostile(WebUiFixture webUiFixture) throws IOException {
    ObjectNode stack = WebUiFixture.json().put("name", HOSTILE).put("description", HOSTILE);
    stack.putArray("labels").add(HOSTILE);
    webUiFixture.putStack("hostile", stack.put("url", SCRIPT).put("repository", HOSTILE));
    ObjectNode run =
        WebUiFixture.json().put("id", "run-1").put("branch", HOSTILE).put("note", HOSTILE);
    run.putObject("commit").put("hash", HOSTILE).put("message", HOSTILE).put("url", SCRIPT);
    webUiFixture
        .api()
        .post("/stacks/hostile/runs", run.put("triggeredBy", HOSTILE).put("url", SCRIPT).toString())
        .requireSuccess();
    return webUiFixture.createWebhook("hostile", said("http://127.0.0.1:9/x").put("name", HOSTILE));
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
