package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// If the server is unreachable, the session expires or a webhook is changed elsewhere, the web UI
/// reports the problem and loses no input.
@ExtendWith(SharedBrowserExtension.class)
class WebUiErrorIT {
  private static final String SECRET = "It's a Secret to Everybody";

  /// Makes the server unreachable while `window.unreachable` is true.
  private static final String AWAY =
      """
      const fetchNow = window.fetch.bind(window);
      window.unreachable = true;
      window.fetch = (...args) => (window.unreachable ? Promise.reject(new TypeError("unreachable")) : fetchNow(...args));
      """;

  /// Makes the server accept requests but not respond while `window.frozen` is true.
  private static final String FROZEN =
      """
      const fetchNow = window.fetch.bind(window);
      const never = signal => new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason)));
      window.fetch = (...args) => (window.frozen ? never(args[1]?.signal) : fetchNow(...args));
      """;

  /// Makes all deliveries appear as waiting.
  private static final String WAITING =
      """
      const fetchNow = window.fetch.bind(window);
      window.fetch = async (...args) => {
        const response = await fetchNow(...args);
        if (!/deliveries.[^/]+$/.test(args[0])) return response;
        const waiting = { status: "PENDING", attempts: [], explanation: [{ code: "LANE", params: {}, text: "-" }] };
        return new Response(JSON.stringify({ ...(await response.json()), ...waiting }));
      };
      """;

  private static final By SWITCH = By.cssSelector("rh-switch button");

  private static ObjectNode webhookJson(String endpoint) {
    return WebUiFixture.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  @Test
  void an_unreachable_server_is_retried_until_it_responds(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("away", "Unreachable stack");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object away = browser.addInitScript(AWAY);
    try {
      browser.open("#/stacks/away/settings/integrations");
      browser.awaitText("Can't reach the server. Retrying…");
      browser.control("Try again");

      browser.evaluate("window.unreachable = false");
      browser.awaitText("Unreachable stack");
      browser.awaitText("No webhooks yet");
      assertThat(browser.findAll(".toast")).isEmpty();
    } finally {
      browser.removeInitScript(away);
    }
  }

  @Test
  void a_filter_that_is_chosen_while_the_server_is_away_is_applied_later(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("filter", "Filter");
    String webhook = fixture.createWebhook("filter", webhookJson("http://127.0.0.1:9/filter"));
    fixture.api().startRun("filter", "run-1").requireSuccess();
    fixture.awaitStatus(webhook, "FAILED", 1);
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object away = browser.addInitScript(AWAY.replace("true", "false"));
    try {
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-1: Failed");

      browser.evaluate("window.unreachable = true");
      browser.type("Filter", "run-2");
      browser.pressKeys("\n");
      browser.awaitText("Can't reach the server. Retrying…");
      browser.evaluate("window.unreachable = false");

      browser.awaitText("No matches");
      assertThat(browser.evaluate("location.hash")).endsWith("?run=run-2");
      browser.click("Clear filters");
      browser.control("Queued of run-1: Failed");
    } finally {
      browser.removeInitScript(away);
    }
  }

  @Test
  void an_outdated_view_is_marked_and_a_failed_sign_out_is_reported(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("stale", "Stale");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object away = browser.addInitScript(AWAY.replace("true", "false"));
    try {
      browser.open("#/stacks/stale/settings/integrations");
      browser.awaitText("No webhooks yet");

      browser.evaluate("window.unreachable = true");
      browser.awaitText("Connection lost. Data may be out of date.");
      browser.click("Sign out");
      browser.awaitText("You are still signed in");
      assertThat(browser.text()).contains("No webhooks yet");

      browser.evaluate("window.unreachable = false");
      browser.awaitValue("document.querySelectorAll('.toast').length", "0");
      browser.click("Sign out");
      browser.awaitText("You are signed out.");
    } finally {
      browser.removeInitScript(away);
    }
  }

  @Test
  void a_server_that_does_not_respond_is_reported_and_its_data_is_not_live(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("frozen", "Frozen");
    String webhook = fixture.createWebhook("frozen", webhookJson("http://127.0.0.1:9/frozen"));
    fixture.api().startRun("frozen", "run-1").requireSuccess();
    fixture.awaitStatus(webhook, "FAILED", 1);
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object frozen = browser.addInitScript(FROZEN);
    try {
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-1: Failed");
      browser.await(By.cssSelector(".live.on"));

      browser.evaluate("window.frozen = true");
      browser.awaitText("As of ");
      assertThat(browser.findAll(".live.on")).isEmpty();
      browser.awaitText("Connection lost. Data may be out of date.");
      assertThat(browser.text()).contains("run-1");

      browser.evaluate("window.frozen = false");
      browser.await(By.cssSelector(".live.on"));
      browser.awaitValue("document.querySelectorAll('.toast').length", "0");
    } finally {
      browser.removeInitScript(frozen);
    }
  }

  @Test
  void the_input_survives_an_expired_session(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("typed", "Typed");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open("#/stacks/typed/settings/integrations/new");
    browser.type("Endpoint", "http://127.0.0.1:9/typed");
    browser.type("Secret", SECRET);
    browser.click(By.cssSelector("[name=enabled]"));
    submitWithoutSession(browser);
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

  /// Submits the form at once, because the next request of the page leads to the sign-in, too.
  private static void submitWithoutSession(Browser browser) {
    browser.evaluate(
        """
        fetch('api/v1/session', { method: 'DELETE', headers: { 'X-Runhook-Csrf': '1' } })
          .then(() => document.querySelector('form [type=submit]')?.click())
        """);
  }

  @Test
  void a_duplicate_endpoint_is_reported_at_its_field(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("taken", "Taken");
    fixture.createWebhook("taken", webhookJson("http://127.0.0.1:9/taken"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open("#/stacks/taken/settings/integrations/new");
    browser.type("Secret", SECRET);
    browser.type("Endpoint", "http://127.0.0.1:9/taken");
    browser.click("Add webhook");

    browser.awaitText("Another webhook of this stack already has this endpoint");
    assertThat(browser.field("Endpoint").getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.evaluate("document.activeElement.name")).isEqualTo("endpoint");
    assertThat(browser.evaluate("document.querySelector('[name=secret]').value")).isEqualTo(SECRET);
  }

  @Test
  void the_switch_follows_changes_made_elsewhere(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("elsewhere", "Elsewhere");
    String webhook =
        fixture.createWebhook("elsewhere", webhookJson("http://127.0.0.1:9/elsewhere"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook);
    assertThat(browser.await(SWITCH).getDomAttribute("aria-checked")).isEqualTo("true");

    fixture.api().patch(WebUiFixture.pathOf(webhook), "{\"enabled\":false}").requireSuccess();
    browser.awaitText("Takes no new events");

    assertThat(browser.await(SWITCH).getDomAttribute("aria-checked")).isEqualTo("false");
  }

  @Test
  void a_waiting_ping_shows_its_reason(WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("waits", "Waits");
    String webhook = fixture.createWebhook("waits", webhookJson("http://127.0.0.1:9/waits"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object waiting = browser.addInitScript(WAITING);
    try {
      browser.open(webhook + "/receiver");
      browser.click("Send test event");

      browser.awaitText(
          "Test event: Waiting for an earlier delivery to this webhook. View delivery");
    } finally {
      browser.removeInitScript(waiting);
    }
  }
}
