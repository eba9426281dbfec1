package dev.runhook.systemtests.webui;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.Receiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// The mission's story, told by people at the page, word by word.
@ExtendWith(SharedBrowserExtension.class)
class WebhookLifecycleIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String GREEN = "31, 138, 76";
  private static final String GREY = "138, 141, 144";
  private static final String LIST = "#/stacks/networking/settings/integrations";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");

  private final BlockingQueue<ReceivedDelivery> arrivals = new LinkedBlockingQueue<>();

  @Test
  void the_story_of_a_webhook_is_told_at_the_page(WebUiFixture webUiFixture, Browser browser)
      throws Exception {
    try (Receiver receiver = Receiver.start(0, SECRET, arrivals::add)) {
      webUiFixture.putStack("networking", "Networking");
      webUiFixture.api().startRun("networking", "run-1").requireSuccess();
      browser.signIn(WebUiFixture.ADMIN_TOKEN);

      added(browser, receiver);
      switchedOff(webUiFixture, browser, receiver);
      switchedOn(webUiFixture, browser);
      seenByAReader(webUiFixture, browser);
      regenerated(webUiFixture, browser, receiver);
      deleted(webUiFixture, browser);
    }
  }

  /// Navigate to the Integrations section of the stack settings, select Add webhook, give an
  /// endpoint and a secret, see it in the list.
  private static void added(Browser browser, Receiver receiver) {
    browser.click("Networking");
    browser.click("Settings");
    browser.click("Integrations");
    browser.click("Add webhook");
    browser.type("Endpoint", receiver.url());
    browser.type("Secret", SECRET);
    browser.click("Add webhook");

    browser.awaitText("Webhook added");
    browser.awaitText(receiver.url());
  }

  /// Press Edit, click the Enabled toggle to see it going gray: nothing is delivered.
  private void switchedOff(WebUiFixture webUiFixture, Browser browser, Receiver receiver)
      throws IOException {
    browser.click("Edit " + receiver.url());
    awaitToggle(browser, "true", GREEN, "Events are delivered");
    toggle(browser).click();
    awaitToggle(browser, "false", GREY, "Events are not delivered");

    JsonNode moved =
        webUiFixture
            .api()
            .recordTransition("networking", "run-1", "PREPARING", 2)
            .requireSuccess()
            .json();
    assertThat(moved.path("deliveries").asInt()).isZero();
  }

  /// Click again to see it going green: the next transition arrives, and it is the first one.
  private void switchedOn(WebUiFixture webUiFixture, Browser browser) throws Exception {
    toggle(browser).click();
    awaitToggle(browser, "true", GREEN, "Events are delivered");

    webUiFixture.api().recordTransition("networking", "run-1", "PLANNING", 3).requireSuccess();
    ReceivedDelivery arrival =
        requireNonNull(arrivals.poll(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS));
    assertThat(arrival.body()).contains("\"stateVersion\":3");
    assertThat(arrival.verification().isVerified()).isTrue();
  }

  /// A reader sees the secret, and is offered nothing that a reader may not do.
  private static void seenByAReader(WebUiFixture webUiFixture, Browser browser) throws IOException {
    browser.click("Sign out");
    browser.awaitText("You are signed out.");
    browser.signIn(webUiFixture.createToken("reader"));
    browser.open(LIST);
    browser.click("Show the secret");
    browser.awaitText(SECRET);

    assertThat(browser.hasControl("Add webhook")).isFalse();
    assertThat(browser.findAll("rh-switch")).isEmpty();
    assertThat(browser.text()).doesNotContain("Edit");
    browser.click("Deliveries");
    browser.awaitText("Delivered");
    assertThat(browser.hasControl("Send test event")).isFalse();
    assertThat(browser.hasControl("Resend deliveries…")).isFalse();
    browser.click("Sign out");
    browser.awaitText("You are signed out.");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
  }

  private static void regenerated(WebUiFixture webUiFixture, Browser browser, Receiver receiver)
      throws IOException {
    browser.open(LIST);
    browser.click("Edit " + receiver.url());
    browser.click("Rotate secret");
    browser.awaitText("Receivers that verify those headers");
    browser.click(CONFIRM);
    browser.awaitText("Secret rotated");

    String secret = webhooks(webUiFixture).path(0).path("secret").asText();
    assertThat(secret).startsWith("whsec_");
    browser.click("Show the secret");
    browser.awaitText(secret);
  }

  private static void deleted(WebUiFixture webUiFixture, Browser browser) throws IOException {
    browser.click("Delete webhook");
    browser.awaitText("Delete this webhook?");
    browser.click(CONFIRM);

    browser.awaitText("No webhooks yet");
    assertThat(webhooks(webUiFixture)).isEmpty();
  }

  private static JsonNode webhooks(WebUiFixture webUiFixture) throws IOException {
    return webUiFixture
        .api()
        .get("/stacks/networking/webhooks")
        .requireSuccess()
        .json()
        .path("items");
  }

  private static WebElement toggle(Browser browser) {
    return browser.await(By.cssSelector("rh-switch[label=Enabled] button[role=switch]"));
  }

  private static void awaitToggle(Browser browser, String checked, String colour, String words) {
    browser.awaitText(words);
    assertThat(toggle(browser).getDomAttribute("aria-checked")).isEqualTo(checked);
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> toggle(browser).getCssValue("background-color").contains(colour));
  }
}
