package dev.runhook.bootstrap.page;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.bootstrap.process.RunhookProcess;
import dev.runhook.bootstrap.receiver.Received;
import dev.runhook.bootstrap.receiver.Receiver;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// The mission's story, told by people at the page, word by word.
@ExtendWith(Visit.class)
class PageIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String GREEN = "31, 138, 76";
  private static final String GREY = "138, 141, 144";
  private static final String LIST = "#/stacks/networking/settings/integrations";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");

  private final BlockingQueue<Received> arrivals = new LinkedBlockingQueue<>();

  @Test
  void the_story_of_a_webhook_is_told_at_the_page(Site site, Browser browser) throws Exception {
    try (Receiver receiver = Receiver.start(0, SECRET, arrivals::add)) {
      site.stack("networking", "Networking");
      site.api().startRun("networking", "run-1").expectingSuccess();
      browser.signIn(Site.ADMIN);

      added(browser, receiver);
      switchedOff(site, browser, receiver);
      switchedOn(site, browser);
      seenByAReader(site, browser);
      regenerated(site, browser, receiver);
      deleted(site, browser);
    }
  }

  /// Navigate to the Integrations section of the stack settings, select Add webhook, give an
  /// endpoint and a secret, see it in the list.
  private static void added(Browser browser, Receiver receiver) {
    browser.press("Networking");
    browser.press("Settings");
    browser.press("Integrations");
    browser.press("Add webhook");
    browser.type("Endpoint", receiver.url());
    browser.type("Secret", SECRET);
    browser.press("Add webhook");

    browser.awaitText("The webhook is added.");
    browser.awaitText(receiver.url());
  }

  /// Press Edit, click the Enabled toggle to see it going gray: nothing is delivered.
  private void switchedOff(Site site, Browser browser, Receiver receiver) throws IOException {
    browser.press("Edit " + receiver.url());
    awaitToggle(browser, "true", GREEN, "on: what happens is delivered");
    toggle(browser).click();
    awaitToggle(browser, "false", GREY, "off: nothing is delivered");

    JsonNode moved =
        site.api().move("networking", "run-1", "PREPARING", 2).expectingSuccess().json();
    assertThat(moved.path("deliveries").asInt()).isZero();
  }

  /// Click again to see it going green: the next transition arrives, and it is the first one.
  private void switchedOn(Site site, Browser browser) throws Exception {
    toggle(browser).click();
    awaitToggle(browser, "true", GREEN, "on: what happens is delivered");

    site.api().move("networking", "run-1", "PLANNING", 3).expectingSuccess();
    Received arrival =
        requireNonNull(arrivals.poll(RunhookProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertThat(arrival.body()).contains("\"stateVersion\":3");
    assertThat(arrival.verification().isVerified()).isTrue();
  }

  /// A reader sees the secret, and is offered nothing that a reader may not do.
  private static void seenByAReader(Site site, Browser browser) throws IOException {
    browser.press("Sign out");
    browser.awaitText("You are signed out.");
    browser.signIn(site.tokenOf("reader"));
    browser.go(LIST);
    browser.press("Show the secret");
    browser.awaitText(SECRET);

    assertThat(browser.offers("Add webhook")).isFalse();
    assertThat(browser.all("rh-toggle")).isEmpty();
    assertThat(browser.text()).doesNotContain("Edit");
    browser.press("Deliveries");
    browser.awaitText("Delivered");
    assertThat(browser.offers("Send a ping")).isFalse();
    assertThat(browser.offers("Replay …")).isFalse();
    browser.press("Sign out");
    browser.awaitText("You are signed out.");
    browser.signIn(Site.ADMIN);
  }

  private static void regenerated(Site site, Browser browser, Receiver receiver)
      throws IOException {
    browser.go(LIST);
    browser.press("Edit " + receiver.url());
    browser.press("Regenerate secret");
    browser.awaitText("Receivers that check X-Signature");
    browser.press(CONFIRM);
    browser.awaitText("The webhook has a new secret.");

    String secret = webhooks(site).path(0).path("secret").asText();
    assertThat(secret).startsWith("whsec_");
    browser.press("Show the secret");
    browser.awaitText(secret);
  }

  private static void deleted(Site site, Browser browser) throws IOException {
    browser.press("Delete webhook");
    browser.awaitText("Delete this webhook?");
    browser.press(CONFIRM);

    browser.awaitText("No webhooks yet");
    assertThat(webhooks(site)).isEmpty();
  }

  private static JsonNode webhooks(Site site) throws IOException {
    return site.api().get("/stacks/networking/webhooks").expectingSuccess().json().path("items");
  }

  private static WebElement toggle(Browser browser) {
    return browser.await(By.cssSelector("rh-toggle[label=Enabled] button[role=switch]"));
  }

  private static void awaitToggle(Browser browser, String checked, String colour, String words) {
    browser.awaitText(words);
    assertThat(toggle(browser).getDomAttribute("aria-checked")).isEqualTo(checked);
    await()
        .atMost(RunhookProcess.PATIENCE)
        .until(() -> toggle(browser).getCssValue("background-color").contains(colour));
  }
}
