package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// The behavior of the views that [WebhookLifecycleIT] does not cover.
@ExtendWith(SharedBrowserExtension.class)
class ViewsIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");
  private static final String HOSTILE = "<img src=x onerror=\"window.pwned=1\">";
  private static final String SCRIPT = "javascript:window.pwned=1";

  private static ObjectNode webhookJson(String endpoint) {
    return WebUiFixture.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  @Test
  void an_invalid_token_is_reported_at_its_field_and_a_valid_one_is_not_stored(
      WebUiFixture fixture, Browser browser) {
    browser.open("");
    browser.type("Token", "an unknown token that is long enough");
    browser.click("Sign in");
    browser.awaitText("This server does not know the token");
    assertThat(browser.field("Token").getDomAttribute("aria-invalid")).isEqualTo("true");

    browser.signIn(WebUiFixture.ADMIN_TOKEN);

    assertThat(browser.evaluate("document.cookie")).isEmpty();
    assertThat(browser.evaluate("JSON.stringify({...localStorage, ...sessionStorage})"))
        .doesNotContain(WebUiFixture.ADMIN_TOKEN);
    browser.open("");
    browser.control("Sign out");
  }

  @Test
  void an_api_error_is_shown_at_its_field(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("forms", "Forms");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open("#/stacks/forms/settings/integrations/new");
    browser.type("Endpoint", "http://10.0.0.1/hooks");
    browser.click("Add webhook");

    browser.awaitText("to allow it");
    WebElement field = browser.field("Endpoint");
    assertThat(field.getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.evaluate("document.activeElement.name")).isEqualTo("endpoint");
  }

  @Test
  void new_deliveries_wait_until_the_user_asks_for_them(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("live", "Live");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = fixture.createWebhook("live", webhookJson(receiver.url()));
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.awaitText("No deliveries yet");
      browser.await(By.cssSelector(".live.on"));

      fixture.api().startRun("live", "run-1").requireSuccess();
      browser.control("Queued of run-1: Delivered");
      fixture.api().recordTransition("live", "run-1", "PREPARING", 2).requireSuccess();
      browser.click("1 new delivery");
      browser.awaitText("Preparing");

      browser.click("Send test event");
      browser.awaitText("204 delivered");
      browser.click("Preparing of run-1: Delivered");
      browser.awaitText("Timeline");
      browser.click("Request");
      browser.awaitText("\"stateVersion\": 2");
    }
  }

  @Test
  void failed_deliveries_are_replayed_after_a_preview_and_redelivered(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("replay", "Replay");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook =
          fixture.createWebhook(
              "replay",
              webhookJson(receiver.url()).put("secret", "not the secret of the receiver"));
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      fixture.api().startRun("replay", "run-1").requireSuccess();
      browser.control("Queued of run-1: Failed");
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

      browser.click("Queued of run-1: Failed, resent ✓");
      browser.click("Request");
      browser.awaitText("Sent to " + receiver.url() + " (attempt 2)");
      browser.click("Redeliver again");
      browser.awaitText("Redelivery queued");
      browser.awaitText("Delivered");
      browser.awaitText("Original delivery");
    }
  }

  @Test
  void events_that_were_skipped_are_sent_late_on_request(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("late", "Late");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      ObjectNode json = webhookJson(receiver.url()).put("secret", SECRET);
      json.putArray("states").add("FAILED");
      String webhook = fixture.createWebhook("late", json);
      fixture.api().startRun("late", "run-1").requireSuccess();
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");

      browser.click("Resend deliveries…");
      browser.awaitText("No matching deliveries.");
      assertThat(browser.await(CONFIRM).getDomAttribute("aria-disabled")).isEqualTo("true");
      browser.field("Deliveries to resend").sendKeys("Skipped");
      browser.awaitText("These events were never sent to this webhook.");
      browser.awaitText("1 delivery will be resent.");
      browser.click(CONFIRM);
      browser.awaitText("Delivered.");

      browser.control("Queued of run-1: Delivered");
    }
  }

  @Test
  void a_stack_is_deleted_only_after_its_id_is_typed(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("doomed", "Doomed");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/stacks/doomed/settings/general");
    browser.click("Delete stack");
    assertThat(browser.await(CONFIRM).getDomAttribute("aria-disabled")).isEqualTo("true");
    browser.click(CONFIRM);
    fixture.api().get("/stacks/doomed").requireSuccess();

    browser.type("To confirm, type doomed", "doomed");
    browser.click(CONFIRM);

    browser.awaitText("Stack deleted");
  }

  @Test
  void the_theme_is_that_of_the_system_or_the_other_one(WebUiFixture fixture, Browser browser) {
    browser.signIn(WebUiFixture.ADMIN_TOKEN);

    browser.click("Switch theme");
    assertThat(browser.evaluate("getComputedStyle(document.documentElement).colorScheme"))
        .isEqualTo("dark");
    browser.click("Switch theme");
    browser.emulate(Browser.WIDE, "dark");

    assertThat(browser.evaluate("getComputedStyle(document.documentElement).colorScheme"))
        .isEqualTo("light dark");
    assertThat(browser.evaluate("localStorage.getItem('runhook.theme')")).isEqualTo("null");
  }

  @Test
  void a_trailing_slash_changes_nothing(WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("slash", "Slash");
    String webhook = fixture.createWebhook("slash", webhookJson("http://127.0.0.1:9/slash"));
    fixture.api().startRun("slash", "run-1").requireSuccess();
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook + "/deliveries/");

    browser.click(By.cssSelector(".rowlink"));

    browser.awaitText("Delivery ID");
  }

  @Test
  void the_history_of_a_deleted_webhook_stays(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("kept", "Kept");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = fixture.createWebhook("kept", webhookJson(receiver.url()).put("name", "Ex"));
      fixture.api().startRun("kept", "run-1").requireSuccess();
      fixture.awaitStatus(webhook, "DELIVERED", 1);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.navigate(webhook);
      browser.click("Delete webhook");
      browser.awaitText("Its delivery history stays");
      browser.click(CONFIRM);
      browser.awaitText("No webhooks yet");

      browser.navigate("#/stacks/kept/runs/run-1");
      browser.awaitText("(deleted webhook)");
      browser.click("Ex, Queued: Delivered");
      browser.click("View delivery");
      browser.awaitText("Deleted webhook");
      assertThat(browser.hasControl("Redeliver")).isFalse();
    }
  }

  @Test
  void a_disabled_webhook_offers_no_test_event(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("no-test", "No test");
    String webhook =
        fixture.createWebhook(
            "no-test", webhookJson("http://127.0.0.1:9/off").put("enabled", false));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate(webhook + "/deliveries");
    browser.control("Resend deliveries…");

    assertThat(browser.hasControl("Send test event")).isFalse();
  }

  @Test
  void user_input_is_never_interpreted_as_html(WebUiFixture fixture, Browser browser)
      throws IOException {
    String webhook = hostile(fixture);
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    for (String view : views("hostile", webhook)) {
      browser.open(view);

      browser.awaitText("<img src=x");
      assertThat(browser.evaluate("window.pwned")).as(view).isEqualTo("undefined");
      assertThat(browser.findAll("main img")).as(view).isEmpty();
      assertThat(browser.findAll("a[href^=javascript]")).as(view).isEmpty();
    }
  }

  /// Creates a stack with hostile text in every field.
  private static String hostile(WebUiFixture fixture) throws IOException {
    ObjectNode stack = WebUiFixture.json().put("name", HOSTILE).put("description", HOSTILE);
    stack.putArray("labels").add(HOSTILE);
    fixture.putStack("hostile", stack.put("url", SCRIPT).put("repository", HOSTILE));
    ObjectNode run =
        WebUiFixture.json().put("id", "run-1").put("branch", HOSTILE).put("note", HOSTILE);
    run.putObject("commit").put("hash", HOSTILE).put("message", HOSTILE).put("url", SCRIPT);
    fixture
        .api()
        .post("/stacks/hostile/runs", run.put("triggeredBy", HOSTILE).put("url", SCRIPT).toString())
        .requireSuccess();
    return fixture.createWebhook(
        "hostile", webhookJson("http://127.0.0.1:9/x").put("name", HOSTILE));
  }

  private static List<String> views(String stack, String webhook) {
    String stackView = "#/stacks/" + stack;
    String settings = stackView + "/settings/";
    return List.of(
        "#/stacks",
        stackView,
        stackView + "/runs/run-1",
        settings + "general",
        settings + "integrations",
        settings + "integrations/new",
        webhook,
        webhook + "/deliveries",
        webhook + "/health");
  }
}
