package dev.runhook.bootstrap.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// A server that is away, a session that ends amid typing, a webhook that another changes: the page
/// tells it, and loses nothing.
@ExtendWith(Visit.class)
class MishapsIT {
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
        const waits = { status: "PENDING", attempts: [], explain: ["waits because the webhook is paused"] };
        return new Response(JSON.stringify({ ...(await answer.json()), ...waits }));
      };
      """;

  private static final By SWITCH = By.cssSelector("rh-toggle button");

  private static ObjectNode said(String endpoint) {
    return Site.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  @Test
  void a_server_that_is_away_is_looked_for_until_it_is_back(Site site, Browser browser)
      throws IOException {
    site.stack("away", "Away for now");
    browser.signIn(Site.ADMIN);
    Object away = browser.prepare(AWAY);
    try {
      browser.go("#/stacks/away/settings/integrations");
      browser.awaitText("The server cannot be reached; is it running?");
      browser.control("Try again");

      browser.value("window.away = false");
      browser.awaitText("Away for now");
      browser.awaitText("No webhooks yet");
      assertThat(browser.all(".toast")).isEmpty();
    } finally {
      browser.unprepare(away);
    }
  }

  @Test
  void what_may_be_out_of_date_is_told_and_nobody_is_signed_out_who_is_not(
      Site site, Browser browser) throws IOException {
    site.stack("stale", "Stale");
    browser.signIn(Site.ADMIN);
    Object away = browser.prepare(AWAY.replace("true", "false"));
    try {
      browser.go("#/stacks/stale/settings/integrations");
      browser.awaitText("No webhooks yet");

      browser.value("window.away = true");
      browser.awaitText("The server cannot be reached. What you see may be out of date.");
      browser.press("Sign out");
      browser.awaitText("You are still signed in");
      assertThat(browser.text()).contains("No webhooks yet");

      browser.value("window.away = false");
      browser.awaitValue("document.querySelectorAll('.toast').length", "0");
      browser.press("Sign out");
      browser.awaitText("You are signed out.");
    } finally {
      browser.unprepare(away);
    }
  }

  @Test
  void what_was_typed_when_the_session_ended_is_there_again(Site site, Browser browser)
      throws IOException {
    site.stack("typed", "Typed");
    browser.signIn(Site.ADMIN);
    browser.go("#/stacks/typed/settings/integrations/new");
    browser.type("Endpoint", "http://127.0.0.1:9/typed");
    browser.type("Secret", SECRET);
    browser.press(By.cssSelector("[name=enabled]"));
    endSession(browser);
    browser.press("Add webhook");
    browser.awaitText("The session is over; sign in again.");

    browser.type("Token", Site.ADMIN);
    browser.press("Sign in");
    browser.awaitText("What you had typed is here again.");

    assertThat(browser.value("document.querySelector('[name=endpoint]').value"))
        .isEqualTo("http://127.0.0.1:9/typed");
    assertThat(browser.value("document.querySelector('[name=secret]').value")).isEqualTo(SECRET);
    assertThat(browser.value("document.querySelector('[name=enabled]').checked"))
        .isEqualTo("false");
  }

  private static void endSession(Browser browser) {
    browser.value(
        """
        fetch('api/v1/session', { method: 'DELETE', headers: { 'X-Runhook-Page': '1' } })
          .then(() => (window.over = true))
        """);
    browser.awaitValue("window.over", "true");
  }

  @Test
  void an_endpoint_that_is_taken_is_told_where_it_is(Site site, Browser browser)
      throws IOException {
    site.stack("taken", "Taken");
    site.webhook("taken", said("http://127.0.0.1:9/taken"));
    browser.signIn(Site.ADMIN);
    browser.go("#/stacks/taken/settings/integrations/new");
    browser.type("Secret", SECRET);
    browser.type("Endpoint", "http://127.0.0.1:9/taken");
    browser.press("Add webhook");

    browser.awaitText("another webhook of this stack has that endpoint");
    assertThat(browser.field("Endpoint").getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.value("document.activeElement.name")).isEqualTo("endpoint");
    assertThat(browser.value("document.querySelector('[name=secret]').value")).isEqualTo(SECRET);
  }

  @Test
  void the_switch_follows_what_is_done_elsewhere(Site site, Browser browser) throws IOException {
    site.stack("elsewhere", "Elsewhere");
    String webhook = site.webhook("elsewhere", said("http://127.0.0.1:9/elsewhere"));
    browser.signIn(Site.ADMIN);
    browser.go(webhook);
    assertThat(browser.await(SWITCH).getDomAttribute("aria-checked")).isEqualTo("true");

    site.api().patch(pathOf("elsewhere", webhook), "{\"enabled\":false}").expectingSuccess();
    browser.awaitText("off: nothing is delivered");

    assertThat(browser.await(SWITCH).getDomAttribute("aria-checked")).isEqualTo("false");
  }

  @Test
  void a_ping_that_has_to_wait_tells_what_for(Site site, Browser browser) throws IOException {
    site.stack("waits", "Waits");
    String webhook = site.webhook("waits", said("http://127.0.0.1:9/waits"));
    browser.signIn(Site.ADMIN);
    Object waiting = browser.prepare(WAITING);
    try {
      browser.go(webhook);
      browser.press("Send a ping");

      browser.awaitText("Ping: waits because the webhook is paused. Look at it");
    } finally {
      browser.unprepare(waiting);
    }
  }

  private static String pathOf(String stack, String webhook) {
    return "/stacks/" + stack + "/webhooks/" + webhook.substring(webhook.lastIndexOf('/') + 1);
  }
}
