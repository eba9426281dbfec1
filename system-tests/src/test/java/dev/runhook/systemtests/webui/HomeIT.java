package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// The start page and the way from it to each object.
@ExtendWith(SharedBrowserExtension.class)
class HomeIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final int PAUSE_AFTER = 10;
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");

  /// More attempts than there are probes while a test runs, so that no delivery fails permanently.
  private static final List<String> LONG_SCHEDULE = Collections.nCopies(499, "5h");

  /// The links whose middle shows something else.
  private static final String COVERED_LINKS =
      """
      [...document.querySelectorAll('.areas a')].filter(link => {
        const { x, y, width, height } = link.getBoundingClientRect();
        return !link.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      }).map(link => link.innerText)\
      """;

  private static final String LEFT_EDGE =
      "String(document.querySelector('main > .view').getBoundingClientRect().left)";

  /// The parts of the page from top to bottom.
  private static final String ORDER_OF_HOME =
      """
      [...document.querySelectorAll('main h1, main .title a[href$="sort=p99"], main .stats, main .fixes')]
        .toSorted((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
        .map(each => each.classList[0]?.toUpperCase() ?? each.tagName).join(' ')
      """;

  /// Creates a webhook whose deliveries fail until it gets the right secret.
  private static String createFailing(
      WebUiFixture fixture, String stack, Receiver receiver, List<String> retrySchedule)
      throws IOException {
    fixture.putStack(stack, "Stack " + stack);
    ObjectNode json =
        WebUiFixture.json()
            .put("endpoint", receiver.url())
            .put("name", "Chat")
            .put("secret", "not the secret of its receiver");
    retrySchedule.forEach(json.withArray("retrySchedule")::add);
    return fixture.createWebhook(stack, json);
  }

  private static void repair(WebUiFixture fixture, String webhook) throws IOException {
    String secret = WebUiFixture.json().put("secret", SECRET).toString();
    fixture.api().patch(WebUiFixture.pathOf(webhook), secret).requireSuccess();
  }

  @Test
  void a_paused_webhook_is_resumed_on_the_home_page(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "home-paused", receiver, LONG_SCHEDULE);
      for (int i = 1; i <= PAUSE_AFTER; i++) {
        fixture.api().startRun("home-paused", "run-" + i).requireSuccess();
      }
      browser.signIn(fixture.createToken("admin", "home-paused"));
      browser.awaitText("1 webhook needs attention");
      browser.control("Resume now: Chat");
      repair(fixture, webhook);

      browser.click("Resume now: Chat");

      browser.awaitText("All webhooks are healthy");
      assertThat(browser.evaluate("document.activeElement.tagName")).isEqualTo("H1");
      fixture.awaitStatus(webhook, "DELIVERED", PAUSE_AFTER);
    }
  }

  @Test
  void webhooks_that_fail_for_the_same_reason_are_resumed_together(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String one = createFailing(fixture, "home-cause-1", receiver, LONG_SCHEDULE);
      String other = createFailing(fixture, "home-cause-2", receiver, LONG_SCHEDULE);
      for (int i = 1; i <= PAUSE_AFTER; i++) {
        fixture.api().startRun("home-cause-1", "run-" + i).requireSuccess();
        fixture.api().startRun("home-cause-2", "run-" + i).requireSuccess();
      }
      String host = URI.create(receiver.url()).getAuthority();
      String resume = "Resume all 2: " + host;
      browser.signIn(fixture.createToken("admin", "home-cause-1", "home-cause-2"));
      browser.control(resume);
      browser.awaitText(host + " answers 401");
      browser.awaitText("2 webhooks, 20 waiting");
      browser.click("Show the 2 webhooks");
      browser.control("Resume now: Chat");
      repair(fixture, one);
      repair(fixture, other);

      browser.click(resume);

      browser.awaitText("2 webhooks resumed");
      browser.awaitText("All webhooks are healthy");
      fixture.awaitStatus(one, "DELIVERED", PAUSE_AFTER);
      fixture.awaitStatus(other, "DELIVERED", PAUSE_AFTER);
    }
  }

  @Test
  void the_figures_and_the_links_to_compare_receivers_are_above_the_problems(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createFailing(fixture, "home-figures", receiver, LONG_SCHEDULE);
      fixture.api().startRun("home-figures", "run-1").requireSuccess();
      fixture.api().startRun("home-figures", "run-2").requireSuccess();
      browser.signIn(fixture.createToken("admin", "home-figures"));
      browser.control("Slow receivers");
      browser.awaitText("1 webhook needs attention");

      assertThat(browser.evaluate(ORDER_OF_HOME)).isEqualTo("H1 A STATS FIXES");
    }
  }

  @Test
  void all_views_begin_at_the_same_place(WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("home-edge", "Edge");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.emulate(1440, "light");

    for (String view : List.of("", "stacks", "stacks/home-edge", "deliveries", "account/tokens")) {
      browser.navigate("#/" + view);
      browser.await(By.cssSelector("main > .view"));

      assertThat(browser.evaluate(LEFT_EDGE)).as(view).isEqualTo("24");
    }
  }

  @Test
  void a_wrong_secret_is_changed_and_all_is_sent_with_three_clicks(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "home-secret", receiver, List.of());
      for (int i = 1; i <= PAUSE_AFTER; i++) {
        fixture.api().startRun("home-secret", "run-" + i).requireSuccess();
      }
      fixture.awaitStatus(webhook, "FAILED", PAUSE_AFTER);
      browser.signIn(fixture.createToken("admin", "home-secret"));

      browser.click("Change secret: Chat");
      browser.type("New secret", SECRET);
      browser.click(CONFIRM);
      browser.awaitText(PAUSE_AFTER + " deliveries will be resent.");
      browser.click(CONFIRM);

      fixture.awaitStatus(webhook, "DELIVERED", PAUSE_AFTER);
      browser.awaitText("Healthy");
    }
  }

  @Test
  void failed_deliveries_are_reviewed_from_the_home_page(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "home-failed", receiver, List.of());
      fixture.api().startRun("home-failed", "run-1").requireSuccess();
      fixture.awaitStatus(webhook, "FAILED", 1);
      browser.signIn(fixture.createToken("admin", "home-failed"));
      browser.awaitText("1 delivery failed permanently in the last 24 hours and was not resent.");
      assertThat(browser.hasControl("Retry now: Chat")).isFalse();

      browser.click("Review and resend: Chat");
      browser.control("Queued of run-1: Failed");
      repair(fixture, webhook);
      browser.click("Resend deliveries…");
      browser.awaitText("1 delivery will be resent.");
      browser.click("Resend");
      browser.awaitText("Delivered.");
      browser.awaitText("No matches");
      browser.click("Runhook, home");

      browser.awaitText("All webhooks are healthy");
    }
  }

  @Test
  void a_reader_sees_what_is_wrong_but_no_button(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createFailing(fixture, "home-reader", receiver, List.of("5h"));
      fixture.api().startRun("home-reader", "run-1").requireSuccess();
      browser.signIn(fixture.createToken("reader", "home-reader"));

      browser.awaitText("1 webhook needs attention");
      assertThat(browser.hasControl("Retry now: Chat")).isFalse();
    }
  }

  @Test
  void the_focus_stays_on_the_heading_when_the_data_arrives(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "home-focus", receiver, List.of());
      fixture.api().startRun("home-focus", "run-1").requireSuccess();
      fixture.awaitStatus(webhook, "FAILED", 1);
      String deliveries = WebUiFixture.pathOf(webhook) + "/deliveries";
      String id = fixture.api().get(deliveries).json().at("/items/0/id").asText();
      browser.signIn(fixture.createToken("admin", "home-focus"));

      browser.navigate("#/deliveries/" + id);
      browser.awaitText("Why it failed");
      assertThat(browser.evaluate("document.activeElement.tagName")).isEqualTo("H1");
      browser.navigate("#/");
      browser.awaitText("1 webhook needs attention");
      assertThat(browser.evaluate("document.activeElement.tagName")).isEqualTo("H1");
    }
  }

  @Test
  void titles_and_breadcrumbs_name_the_object(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("names", "Networking");
    String webhook =
        fixture.createWebhook(
            "names",
            WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/chat").put("name", "Chat"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);

    browser.open(webhook + "/deliveries");

    browser.awaitValue("document.title", "Deliveries · Chat · Networking · Runhook");
    assertThat(browser.evaluate("document.querySelector('.crumbs').innerText").split("\\W+"))
        .containsExactly("Stacks", "Networking", "Integrations", "Chat", "Deliveries");
    browser.emulate(Browser.NARROW, "light");
    assertThat(browser.evaluate("document.querySelector('.crumbs').innerText").split("\\s+"))
        .containsExactly("Stacks", "…", "Chat");
    browser.click("Show the complete path");
    browser.control("Networking");
    browser.emulate(Browser.WIDE, "light");
    browser.open("#/stacks/names/runs");
    browser.awaitValue("document.title", "Networking · Runhook");
  }

  @Test
  void nothing_covers_the_links_of_the_bar(WebUiFixture fixture, Browser browser)
      throws IOException {
    browser.signIn(fixture.createToken("admin"));
    browser.control("Deliveries");
    for (int width : List.of(640, 768, 900, 1020, 1021, Browser.WIDE)) {
      browser.emulate(width, "light");

      assertThat(browser.evaluate(COVERED_LINKS)).as("%d px", width).isEmpty();
    }
  }
}
