package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// A server that is away, a session that ends amid typing, a webhook that another changes: the page
/// tells it, and loses nothing.
@ExtendWith(SharedBrowserExtension.class)
class WebUiErrorIT {
  private static final String SECRET = "It's a Secret to Everybody";

  /// A server that can be out of reach.
  private static final String AWAY =
      """
      const ask = window.fetch.bind(window);
      window.away = true;
      window.fetch = (...what) => (window.away ? Promise.reject(new TypeError("away")) : ask(...what));
      """;

  /// Deliveries that are told to wait.
  private static final String WAITING =
      """
      const ask = window.fetch.bind(window);
      window.fetch = async (...what) => {
        const answer = await ask(...what);
        if (!/deliveries.[^/]+$/.test(what[0])) return answer;
        const waits = { status: "PENDING", attempts: [], explanation: ["waits because the webhook is paused"] };
        return new Response(JSON.stringify({ ...(await answer.json()), ...waits }));
      };
      """;

  private static final By SWITCH = By.cssSelector("rh-switch button");

  private static ObjectNode said(String endpoint) {
    return WebUiFixture.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  @Test
  void a_server_that_is_away_is_looked_for_until_it_is_back(
      WebUiFixture webUiFixture, Browser browser) throws IOException {
    webUiFixture.putStack("away", "Away for now");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object away = browser.addInitScript(AWAY);
    try {
      browser.open("#/stacks/away/settings/integrations");
      browser.awaitText("Can't reach the server. Retrying…");
      browser.control("Try again");

      browser.evaluate("window.away = false");
      browser.awaitText("Away for now");
      browser.awaitText("No webhooks yet");
      assertThat(browser.findAll(".toast")).isEmpty();
    } finally {
      browser.removeInitScript(away);
    }
  }

  @Test
  void what_may_be_out_of_date_is_told_and_nobody_is_signed_out_who_is_not(
      WebUiFixture webUiFixture, Browser browser) throws IOException {
    webUiFixture.putStack("stale", "Stale");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object away = browser.addInitScript(AWAY.replace("true", "false"));
    try {
      browser.open("#/stacks/stale/settings/integrations");
      browser.awaitText("No webhooks yet");

      browser.evaluate("window.away = true");
      browser.awaitText("Connection lost. Data may be out of date.");
      browser.click("Sign out");
      browser.awaitText("You are still signed in");
      assertThat(browser.text()).contains("No webhooks yet");

      browser.evaluate("window.away = false");
      browser.awaitValue("document.querySelectorAll('.toast').length", "0");
      browser.click("Sign out");
      browser.awaitText("You are signed out.");
    } finally {
      browser.removeInitScript(away);
    }
  }

  @Test
  void what_was_typed_when_the_session_ended_is_there_again(
      WebUiFixture webUiFixture, Browser browser) throws IOException {
    webUiFixture.putStack("typed", "Typed");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open("#/stacks/typed/settings/integrations/new");
    browser.type("Endpoint", "http://127.0.0.1:9/typed");
    browser.type("Secret", SECRET);
    browser.click(By.cssSelector("[name=enabled]"));
    endSession(browser);
    browser.click("Add webhook");
    browser.awaitText("Your session expired. Sign in again.");

    browser.type("Token", WebUiFixture.ADMIN_TOKEN);
    browser.click("Sign in");
    browser.awaitText("Your unsaved changes were restored.");

    assertThat(browser.evaluate("document.querySelector('[name=endpoint]').value"))
        .isEqualTo("http://127.0.0.1:9/typed");
    assertThat(browser.evaluate("document.querySelector('[name=secret]').value")).isEqualTo(SECRET);
    assertThat(browser.evaluate("document.querySelector('[name=enabled]').checked"))
        .isEqualTo("false");
  }

  private static void endSession(Browser browser) {
    browser.evaluate(
        """
        fetch('api/v1/session', { method: 'DELETE', headers: { 'X-Runhook-Csrf': '1' } })
          .then(() => (window.over = true))
        """);
    browser.awaitValue("window.over", "true");
  }

  @Test
  void an_endpoint_that_is_taken_is_told_where_it_is(WebUiFixture webUiFixture, Browser browser)
      throws IOException {
    webUiFixture.putStack("taken", "Taken");
    webUiFixture.createWebhook("taken", said("http://127.0.0.1:9/taken"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open("#/stacks/taken/settings/integrations/new");
    browser.type("Secret", SECRET);
    browser.type("Endpoint", "http://127.0.0.1:9/taken");
    browser.click("Add webhook");

    browser.awaitText("another webhook of this stack already has this endpoint");
    assertThat(browser.field("Endpoint").getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.evaluate("document.activeElement.name")).isEqualTo("endpoint");
    assertThat(browser.evaluate("document.querySelector('[name=secret]').value")).isEqualTo(SECRET);
  }

  @Test
  void the_switch_follows_what_is_done_elsewhere(WebUiFixture webUiFixture, Browser browser)
      throws IOException {
    webUiFixture.putStack("elsewhere", "Elsewhere");
    String webhook = webUiFixture.createWebhook("elsewhere", said("http://127.0.0.1:9/elsewhere"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook);
    assertThat(browser.await(SWITCH).getDomAttribute("aria-checked")).isEqualTo("true");

    webUiFixture.api().patch(pathOf("elsewhere", webhook), "{\"enabled\":false}").requireSuccess();
    browser.awaitText("Events are not delivered");

    assertThat(browser.await(SWITCH).getDomAttribute("aria-checked")).isEqualTo("false");
  }

  @Test
  void a_ping_that_has_to_wait_tells_what_for(WebUiFixture webUiFixture, Browser browser)
      throws IOException {
    webUiFixture.putStack("waits", "Waits");
    String webhook = webUiFixture.createWebhook("waits", said("http://127.0.0.1:9/waits"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object waiting = browser.addInitScript(WAITING);
    try {
      browser.open(webhook);
      browser.click("Send test event");

      browser.awaitText("Test event: waits because the webhook is paused. View delivery");
    } finally {
      browser.removeInitScript(waiting);
    }
  }

  private static String pathOf(String stack, String webhook) {
    return "/stacks/" + stack + "/webhooks/" + webhook.substring(webhook.lastIndexOf('/') + 1);
  }
}
