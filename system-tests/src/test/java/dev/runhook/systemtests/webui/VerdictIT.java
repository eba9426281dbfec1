package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// All views say the same about a webhook, and it is what happens to its deliveries.
@ExtendWith(SharedBrowserExtension.class)
class VerdictIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String STACK = "verdict";
  private static final int FAILURES_UNTIL_PAUSE = 10;

  /// How old the shown data is.
  private static final String FRESHNESS = "document.querySelector('main .live').innerText.trim()";

  private static String createWebhook(WebUiFixture fixture, String endpoint, String secret)
      throws IOException {
    fixture.putStack(STACK, "Verdict");
    ObjectNode json =
        WebUiFixture.json().put("endpoint", endpoint).put("name", "Chat").put("secret", secret);
    json.putArray("retrySchedule").add("100ms").add("5h");
    return fixture.createWebhook(STACK, json);
  }

  @Test
  void all_views_follow_a_webhook_from_its_first_failure_until_it_is_disabled(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createWebhook(fixture, receiver.url(), "not the secret of its receiver");
      browser.signIn(fixture.createToken("admin", STACK));
      awaitOnAllViews(fixture, browser, webhook, "IDLE", "Nothing sent yet");
      awaitOn(browser, "#/", "Report a run");

      fixture.api().startRun(STACK, "run-1").requireSuccess();
      awaitOnAllViews(fixture, browser, webhook, "FAILING", "Failing");
      awaitOn(browser, "#/", "1 webhook needs attention");
      awaitOn(browser, "#/", "The last 2 attempts failed");
      awaitOn(browser, "#/", "1 delivery waits, the oldest created");
      awaitOn(browser, "#/stacks", "1 failing");

      for (int attempts = 2; attempts < FAILURES_UNTIL_PAUSE; attempts += 2) {
        fixture.api().startRun(STACK, "run-%d-attempts".formatted(attempts)).requireSuccess();
      }
      awaitOnAllViews(fixture, browser, webhook, "PAUSED", "Paused");
      awaitOn(browser, "#/stacks", "1 paused");
      awaitOn(browser, webhook, "Next probe at");

      ObjectNode right = WebUiFixture.json().put("secret", SECRET);
      fixture.api().patch(WebUiFixture.pathOf(webhook), right.toString()).requireSuccess();
      browser.click("Resume now: Chat");
      awaitOnAllViews(fixture, browser, webhook, "HEALTHY", "Healthy");
      awaitOn(browser, "#/", "All webhooks are healthy");
      awaitOn(browser, "#/stacks", "1 healthy");
      assertThat(browser.text()).doesNotContain("failing", "paused");
      awaitOn(browser, "#/deliveries/" + oldestDelivery(fixture), "the webhook was paused from");
      assertThat(browser.text()).contains("Delivered on attempt");

      ObjectNode off = WebUiFixture.json().put("enabled", false);
      fixture.api().patch(WebUiFixture.pathOf(webhook), off.toString()).requireSuccess();
      awaitOnAllViews(fixture, browser, webhook, "DISABLED", "Disabled");
      awaitOn(browser, "#/", "All webhooks are healthy");

      fixture.api().delete(WebUiFixture.pathOf(webhook)).requireSuccess();
      awaitOn(browser, webhook, "admin deleted this webhook");
      browser.click("Deliveries");
      browser.control("Queued of run-1: Delivered");
    }
  }

  private static String oldestDelivery(WebUiFixture fixture) throws IOException {
    JsonNode items =
        fixture.api().get("/deliveries?stack=" + STACK).requireSuccess().json().get("items");
    return items.get(items.size() - 1).get("id").asText();
  }

  /// Waits until the API has the verdict and the views of the webhook have the text.
  private static void awaitOnAllViews(
      WebUiFixture fixture, Browser browser, String webhook, String verdict, String text)
      throws IOException {
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() ->
            fixture
                .api()
                .get(WebUiFixture.pathOf(webhook))
                .requireSuccess()
                .json()
                .at("/health/verdict")
                .asText()
                .equals(verdict));
    awaitOn(browser, "#/stacks/" + STACK + "/settings/integrations", text);
    for (String tab : new String[] {"", "/deliveries", "/health", "/receiver"}) {
      awaitOn(browser, webhook + tab, text);
    }
  }

  private static void awaitOn(Browser browser, String view, String text) {
    if (!view.equals(browser.evaluate("location.hash"))) {
      browser.navigate(view);
    }
    browser.awaitText(text);
  }

  @Test
  void every_view_says_that_nothing_is_sent_if_no_process_sends() throws IOException {
    try (WebUiFixture fixture = WebUiFixture.start("api");
        Browser browser = Browser.start(fixture.url())) {
      String webhook = createWebhook(fixture, "http://127.0.0.1:9/", SECRET);
      fixture.api().startRun(STACK, "run-1").requireSuccess();
      browser.signIn(WebUiFixture.ADMIN_TOKEN);

      browser.awaitText("Nothing is being sent: deliveries are due since");
      awaitOn(browser, "#/", "Nothing is being sent");
      assertThat(browser.text()).doesNotContain("healthy");
      awaitOn(browser, webhook + "/deliveries", "Nothing is being sent: deliveries are due since");
      assertThat(browser.text()).doesNotContain("Healthy");
    }
  }

  @Test
  void a_page_says_how_old_it_is_while_the_server_is_frozen(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createWebhook(fixture, receiver.url(), SECRET);
      fixture.api().startRun(STACK, "run-1").requireSuccess();
      fixture.awaitStatus(webhook, "DELIVERED", 1);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      for (String view : new String[] {"#/deliveries", webhook + "/deliveries"}) {
        browser.navigate(view);
        browser.awaitValue(FRESHNESS, "Live");

        fixture.server().pause();
        try {
          browser.awaitText("As of");
          assertThat(browser.evaluate(FRESHNESS)).startsWith("As of").doesNotContain("Live");
        } finally {
          fixture.server().resume();
        }

        browser.awaitValue(FRESHNESS, "Live");
      }
      browser.control("Queued of run-1: Delivered");
      fixture.api().delete("/stacks/" + STACK).requireSuccess();
    }
  }
}
