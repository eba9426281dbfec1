package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.WebElement;

/// Readers, writers and users of tokens that are limited to stacks see exactly what they may do.
@ExtendWith(SharedBrowserExtension.class)
class RolesIT {
  private static final String SECRET = "It's a Secret to Everybody";

  /// Everything that changes something, and everything that only filters, shows or copies.
  private static final String CONTROLS = "main :is(button, input, .button)";

  private static final Set<String> HARMLESS =
      Set.of(
          "Search stacks",
          "Filter",
          "+ Filter",
          "Run",
          "Run or delivery",
          "Branch",
          "From",
          "To",
          "HTTP status",
          "Stack",
          "Latest run",
          "Webhooks",
          "Show the secret",
          "Copy the secret",
          "Show the secret in Standard Webhooks format",
          "Copy the secret in Standard Webhooks format",
          "Last hour",
          "Last 24 hours",
          "Copy as curl",
          "Copy body",
          "Copy headers",
          "Review and resend: Chat",
          "Settings Chat",
          "View delivery",
          "Java",
          "Node",
          "Python",
          "Go",
          "Ruby",
          "PHP",
          "Shell",
          "Copy the program",
          "Copy the command",
          "Day",
          "Insert the secret",
          "Signature",
          "Body",
          "webhook-id",
          "webhook-timestamp",
          "Check",
          "Chat, Queued: Failed");

  private static String createFailedDelivery(WebUiFixture fixture, String stack, Receiver receiver)
      throws IOException {
    fixture.putStack(stack, "Stack " + stack);
    var json =
        WebUiFixture.json()
            .put("endpoint", receiver.url())
            .put("name", "Chat")
            .put("secret", "not the secret of its receiver");
    json.withArray("retrySchedule");
    String webhook = fixture.createWebhook(stack, json);
    fixture.api().startRun(stack, "run-1").requireSuccess();
    fixture.awaitStatus(webhook, "FAILED", 1);
    return webhook;
  }

  @Test
  void a_reader_and_a_writer_see_all_views_and_no_button_that_is_forbidden(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailedDelivery(fixture, "roles", receiver);
      String deliveries = WebUiFixture.pathOf(webhook) + "/deliveries";
      String delivery = fixture.api().get(deliveries).json().at("/items/0/id").asText();
      for (String role : List.of("reader", "writer")) {
        browser.signIn(fixture.createToken(role, "roles"));
        browser.awaitText("1 webhook needs attention");
        Set<String> offered = new TreeSet<>(controls(browser));
        for (String view :
            List.of(
                "#/stacks",
                "#/stacks/roles",
                "#/stacks/roles/runs/run-1?at=1." + idOf(webhook),
                "#/stacks/roles/settings/general",
                "#/stacks/roles/settings/integrations",
                webhook,
                webhook + "/deliveries",
                webhook + "/health",
                webhook + "/receiver",
                "#/deliveries",
                "#/deliveries/" + delivery)) {
          browser.navigate(view);
          offered.addAll(controls(browser));
        }

        offered.removeAll(HARMLESS);
        assertThat(offered).as(role).isEmpty();
        browser.click("Sign out");
        browser.awaitText("You are signed out.");
      }
    }
  }

  private static String idOf(String webhook) {
    return webhook.substring(webhook.lastIndexOf('/') + 1);
  }

  private static List<String> controls(Browser browser) {
    return browser.findAll(CONTROLS).stream()
        .filter(WebElement::isDisplayed)
        .map(WebElement::getAccessibleName)
        .toList();
  }

  @Test
  void every_user_can_read_what_the_token_allows(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("allowed", "Allowed");
    browser.signIn(fixture.createToken("writer", "allowed"));

    browser.click("acme writer: your access");

    browser.awaitText("Report stacks, runs and transitions through the API");
    browser.awaitText("Manage webhooks, resend deliveries, manage tokens: not allowed");
    assertThat(browser.text()).contains("Writer", "allowed", "Session expires");
  }

  /// Answers as a server that lets only admins read secrets, and confirms the session of a page
  /// that is loaded only after `confirmSession()`.
  private static final String NO_SECRETS =
      """
      const fetchNow = window.fetch.bind(window);
      const confirmed = new Promise(open => (window.confirmSession = open));
      window.fetch = async (...args) => {
        const response = await fetchNow(...args);
        if (args[0] !== 'api/v1/session') return response;
        if (args[1].method === 'GET') await confirmed;
        return new Response(JSON.stringify({ ...(await response.json()), canReadSecrets: false }));
      };
      """;

  private static final String VIEW = "document.querySelector('main').firstElementChild";

  @Test
  void a_secret_that_the_role_cannot_read_is_not_offered(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("unread", "Unread");
    String webhook =
        fixture.createWebhook(
            "unread", WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/unread"));
    Object script = browser.addInitScript(NO_SECRETS);
    try {
      browser.signIn(fixture.createToken("reader"));
      browser.open(webhook);

      browser.awaitText("Your role can't read it.");
      assertThat(browser.hasControl("Show the secret")).isFalse();
      browser.evaluate(VIEW + ".dataset.first = 'yes'");
      browser.evaluate("window.confirmSession()");
      browser.control("acme reader: your access");
      assertThat(browser.evaluate(VIEW + ".dataset.first")).isEqualTo("yes");
      browser.navigate(webhook + "/receiver");
      browser.control("Copy the program");
      assertThat(browser.hasControl("Insert the secret")).isFalse();
    } finally {
      browser.removeInitScript(script);
    }
  }

  @Test
  void a_limited_admin_sees_only_its_stacks_and_manages_them(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createFailedDelivery(fixture, "inside", receiver);
      String other = createFailedDelivery(fixture, "outside", receiver);
      browser.signIn(fixture.createToken("admin", "inside"));

      browser.awaitText("1 webhook needs attention");
      assertThat(browser.text()).doesNotContain("outside");
      for (String view : List.of("#/stacks", "#/deliveries")) {
        browser.navigate(view);
        browser.awaitText("inside");
        assertThat(browser.text()).as(view).doesNotContain("outside");
      }
      for (String view : List.of("#/stacks/outside", other, other + "/deliveries")) {
        browser.navigate(view);
        browser.awaitText("Page not found");
      }
      browser.navigate("#/stacks/inside/settings/integrations");
      browser.control("Add webhook");
    }
  }
}
