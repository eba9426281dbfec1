package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The lists of deliveries: of a webhook and of the account.
@ExtendWith(SharedBrowserExtension.class)
class DeliveryListIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String CUT_OFF =
      "(each => each.scrollWidth - each.clientWidth)(document.querySelector('.sheet'))";

  private static final int BURST_RUNS = 50;
  private static final int BURST_STATES = 20;
  private static final String ROWS = "document.querySelectorAll('tbody tr').length";
  private static final String COUNTED =
      "document.querySelector('rh-histogram [role=slider]').getAttribute('aria-valuetext')";

  private static final String CHIPS =
      """
      [...document.querySelectorAll('.chip')]
        .map(each => each.textContent.split(',')[0].replace(/\\s+/g, ' ').trim())
        .join(', ')\
      """;
  private static final String DELIVERED_ROWS =
      "document.querySelectorAll('tbody tr:has(.badge.good)').length";

  /// Notes the bodies of replays in `replays`, and holds previews between `hold()` and `release()`.
  private static final String HOLD_PREVIEWS =
      """
      const fetchNow = window.fetch.bind(window);
      let gate = null;
      window.release = () => {};
      window.hold = () => (gate = new Promise(open => (window.release = open)));
      window.replays = [];
      window.fetch = async (...args) => {
        if (args[1]?.method === "POST" && /replays$/.test(args[0])) {
          const body = JSON.parse(args[1].body);
          window.replays.push(body);
          if (body.dryRun) await gate;
        }
        return fetchNow(...args);
      };
      """;

  /// Keeps what is copied, because the clipboard of a headless browser cannot be read.
  private static final String KEEP_COPIED =
      """
      navigator.clipboard.write = async ([item]) =>
        (window.copied = await (await item.getType('text/plain')).text())
      """;

  /// Clicks the last cell of the first row, like a user who does not aim at the link.
  private static final String CLICK_ROW =
      """
      (box => document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).click())(
        document.querySelector('tbody tr td:last-child').getBoundingClientRect())
      """;

  /// Creates a stack with a failed delivery, which the receiver has rejected with 401, and a
  /// delivered one.
  private static String createDeliveries(
      WebUiFixture fixture, String stack, Receiver receiver, String name) throws IOException {
    fixture.putStack(stack, stack);
    ObjectNode json =
        WebUiFixture.json()
            .put("endpoint", receiver.url())
            .put("name", name)
            .put("secret", "not the secret of its receiver");
    json.withArray("retrySchedule");
    String webhook = fixture.createWebhook(stack, json);
    fixture.api().startRun(stack, "run-1").requireSuccess();
    fixture.awaitStatus(webhook, "FAILED", 1);
    String secret = WebUiFixture.json().put("secret", SECRET).toString();
    fixture.api().patch(WebUiFixture.pathOf(webhook), secret).requireSuccess();
    fixture.api().startRun(stack, "run-2").requireSuccess();
    fixture.awaitStatus(webhook, "DELIVERED", 1);
    return webhook;
  }

  @Test
  void a_click_anywhere_in_a_row_opens_the_delivery(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "row-click", receiver, "Chat");
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-2: Delivered");
      browser.awaitText("HTTP 401");
      browser.awaitText("HTTP 204");

      browser.evaluate(CLICK_ROW);

      browser.awaitText("Timeline");
    }
  }

  @Test
  void the_deliveries_of_all_stacks_are_filtered_by_the_url(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createDeliveries(fixture, "all-1", receiver, "Chat");
      createDeliveries(fixture, "all-2", receiver, "Pager");
      browser.signIn(fixture.createToken("admin", "all-1", "all-2"));
      browser.click("Deliveries");
      browser.control("Chat");
      browser.control("Pager");
      assertThat(browser.findAll("tbody tr")).hasSize(4);
      browser.awaitText("Created (");

      browser.type("Filter", "code:401");
      browser.pressKeys("\n");
      browser.awaitValue(ROWS, "2");
      browser.type("Filter", "stack:all-2");
      browser.pressKeys("\n");
      browser.awaitValue(ROWS, "1");
      browser.click("Queued of run-1: Failed");
      browser.awaitText("Why it failed");
      browser.back();

      browser.awaitValue(ROWS, "1");
      browser.awaitValue(CHIPS, "HTTP status: 401, Stack: all-2");
      assertThat(browser.evaluate("location.hash"))
          .isEqualTo("#/deliveries?statusCode=401&stack=all-2");
    }
  }

  @Test
  void a_range_of_time_is_kept_in_the_url_and_in_the_dialog(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "range", receiver, "Chat");
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries?to=2020-01-02T03:04:05.000Z");
      browser.awaitText("No matches");
      assertThat(browser.await(By.name("to")).getDomProperty("value")).startsWith("2020-01-02T");
      browser.control("Clear filters");

      browser.open(webhook + "/deliveries?from=2020-01-02T03:04:05.000Z&status=DELIVERED");
      browser.control("Queued of run-2: Delivered");
      assertThat(browser.hasControl("Queued of run-1: Failed")).isFalse();
      browser.click("Resend deliveries…");

      browser.awaitText("1 delivery will be resent.");
    }
  }

  @Test
  void the_beginning_of_a_run_id_leads_to_its_runs(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "beginning", receiver, "Chat");
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      for (String list : new String[] {webhook + "/deliveries", "#/deliveries?stack=beginning"}) {
        browser.open(list);
        browser.control("Queued of run-2: Delivered");
        browser.type("Filter", "run");
        browser.pressKeys("\n");
        browser.awaitText("Runs whose ID begins with run:");

        browser.click("run-1");

        browser.control("Queued of run-1: Failed");
        assertThat(browser.hasControl("Queued of run-2: Delivered")).isFalse();
      }
    }
  }

  @Test
  void a_search_for_a_run_says_why_it_was_not_sent(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("not-sent", "Not sent");
    ObjectNode json = WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/not-sent");
    json.putArray("branches").add("release/*");
    String webhook = fixture.createWebhook("not-sent", json);
    fixture.api().startRun("not-sent", "run-1").requireSuccess();
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook + "/deliveries");
    browser.awaitText("No deliveries yet");

    browser.type("Filter", "run-1");
    browser.pressKeys("\n");

    browser.awaitText("is not among this webhook's branches");
    assertThat(browser.text()).contains("Not sent").doesNotContain("No matches");
    browser.click("run-1");
    browser.awaitText("1 not sent");
  }

  @Test
  void the_id_of_a_delivery_or_event_finds_it(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "by-id", receiver, "Chat");
      String other = createDeliveries(fixture, "by-id-2", receiver, "Pager");
      JsonNode delivery = deliveries(fixture, webhook).path(0);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      for (String list : new String[] {webhook + "/deliveries", "#/deliveries"}) {
        for (String id : new String[] {"id", "event"}) {
          browser.open(list);
          browser.control("Queued of run-1: Failed");

          browser.type("Filter", delivery.path(id).asText());
          browser.pressKeys("\n");

          browser.awaitValue(ROWS, "1");
          browser.control("Queued of run-2: Delivered");
        }
      }
      browser.open(other + "/deliveries?run=" + delivery.path("id").asText());
      browser.awaitText("No matches");
    }
  }

  private static JsonNode deliveries(WebUiFixture fixture, String webhook) throws IOException {
    String path = WebUiFixture.pathOf(webhook) + "/deliveries";
    return fixture.api().get(path).requireSuccess().json().path("items");
  }

  @Test
  void rows_stay_and_become_delivered_while_many_are_created(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "burst", receiver, "Chat");
      for (int i = 1; i <= BURST_RUNS; i++) {
        fixture.api().startRun("burst", "burst-" + i).requireSuccess();
      }
      ArrayNode transitions = JsonNodeFactory.instance.arrayNode();
      for (int version = 2; version <= 1 + BURST_STATES; version++) {
        for (int i = 1; i <= BURST_RUNS; i++) {
          transitions
              .addObject()
              .put("stack", "burst")
              .put("run", "burst-" + i)
              .put("state", version % 2 == 0 ? "PLANNING" : "APPLYING");
        }
      }
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      fixture.api().post("/transitions", transitions.toString()).requireSuccess();
      browser.open(webhook + "/deliveries");
      browser.awaitValue(ROWS, "50");

      for (int i = 0; i < 5; i++) {
        fixture.api().post("/transitions", transitions.toString()).requireSuccess();
      }

      browser.awaitText("200+ new deliveries");
      browser.awaitValue(DELIVERED_ROWS, browser.evaluate(ROWS));
      assertThat(Integer.parseInt(browser.evaluate(ROWS))).isBetween(50, 200);
    }
  }

  @Test
  void only_what_was_previewed_is_resent(WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "previewed", receiver, "Chat");
      fixture.api().startRun("previewed", "run-3").requireSuccess();
      fixture.awaitStatus(webhook, "DELIVERED", 2);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      Object hold = browser.addInitScript(HOLD_PREVIEWS);
      try {
        browser.open(webhook + "/deliveries?status=DELIVERED&run=run-2");
        browser.control("Queued of run-2: Delivered");
        browser.click("Resend deliveries…");
        browser.awaitText("1 delivery will be resent.");

        browser.evaluate("window.hold()");
        browser.field("Run ID").sendKeys(Keys.BACK_SPACE.toString().repeat("run-2".length()));
        assertThat(browser.text()).doesNotContain("1 delivery will be resent.");
        browser.pressKeys(Keys.ENTER);
        browser.evaluate("window.release()");
        browser.awaitText("2 deliveries will be resent.");
        assertThat(browser.evaluate("window.replays.filter(each => !each.dryRun).length"))
            .isEqualTo("0");

        fixture.api().startRun("previewed", "run-4").requireSuccess();
        fixture.awaitStatus(webhook, "DELIVERED", 3);
        browser.click("Resend");
        browser.awaitText("would now create 3 deliveries, more than the expected 2");
        browser.awaitText("3 deliveries will be resent.");
        fixture.awaitStatus(webhook, "DELIVERED", 3);
        browser.click("Resend");
        browser.awaitText("All 3 delivered.");
      } finally {
        browser.removeInitScript(hold);
      }
    }
  }

  @Test
  void a_filter_that_the_api_refuses_is_explained_beside_it(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "refused", receiver, "Chat");
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-1: Failed");

      browser.type("Filter", "code:abc");
      browser.pressKeys(Keys.ENTER);
      browser.awaitText("HTTP status must be");
      assertThat(browser.focused().getDomAttribute("name")).isEqualTo("filter");
      browser.type("Filter", "code:401");
      browser.pressKeys(Keys.ENTER);

      browser.control("Queued of run-1: Failed");
      browser.awaitValue(ROWS, "1");
      assertThat(browser.text()).doesNotContain("HTTP status must be");
    }
  }

  @Test
  void the_menu_of_the_filter_adds_a_chip_that_a_click_removes(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "chips", receiver, "Chat");
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-1: Failed");

      browser.click("+ Filter");
      browser.click("Status");
      browser.click("Failed");
      browser.awaitValue(ROWS, "1");
      browser.awaitValue(CHIPS, "Status: Failed");
      browser.click(By.cssSelector(".chip"));

      browser.awaitValue(ROWS, "2");
      assertThat(browser.focused().getDomAttribute("name")).isEqualTo("filter");
    }
  }

  @Test
  void a_delivery_opens_beside_the_list_and_follows_the_keys(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "beside", receiver, "Chat");
      String first = deliveries(fixture, webhook).path(1).path("id").asText();
      Keyboard keys = new Keyboard(browser);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries?open=" + first);
      browser.awaitText("Why it failed");
      browser.control("Queued of run-2: Delivered");
      assertThat(browser.seriousViolations()).isEmpty();

      keys.press("k");
      browser.awaitText("Timeline");
      keys.press("j");
      browser.awaitText("Why it failed");
      assertThat(browser.evaluate("location.hash"))
          .isEqualTo(webhook + "/deliveries?open=" + first);
      keys.press(Keys.ESCAPE);
      browser.awaitValue("document.querySelector('.pane')", "null");
      keys.awaitFocus("Queued of run-1: Failed");

      browser.emulate(Browser.NARROW, "light");
      browser.open(webhook + "/deliveries?open=" + first);
      browser.awaitText("Why it failed");
      assertThat(browser.evaluate("location.hash")).isEqualTo(webhook + "/deliveries/" + first);
    }
  }

  @Test
  void a_bar_of_the_histogram_selects_its_time_by_keyboard(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "histogram", receiver, "Chat");
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.awaitText("Pending"); // the legend of the histogram
      browser.await(By.cssSelector("rh-histogram canvas"));

      browser.evaluate("document.querySelector('rh-histogram [role=slider]').focus()");
      browser.pressKeys(Keys.END);
      browser.awaitText("1 delivered, 1 failed, 0 pending");
      browser.pressKeys(Keys.ENTER);
      browser.awaitValue(CHIPS, "Created: Custom range");
      browser.awaitValue(ROWS, "2");
      assertThat(browser.seriousViolations()).isEmpty();

      browser.evaluate("document.querySelector('rh-histogram [role=slider]').focus()");
      browser.pressKeys(Keys.HOME);
      browser.pressKeys(Keys.ENTER);
      browser.awaitText("No matches");
    }
  }

  @Test
  void the_histogram_of_the_account_counts_what_the_list_shows(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createDeliveries(fixture, "counted-1", receiver, "Chat");
      createDeliveries(fixture, "counted-2", receiver, "Pager");
      browser.signIn(fixture.createToken("admin", "counted-1", "counted-2"));
      browser.open("#/deliveries");
      browser.await(By.cssSelector("rh-histogram canvas"));
      browser.awaitValue(COUNTED, "2 delivered, 2 failed, 0 pending");

      browser.type("Filter", "stack:counted-2");
      browser.pressKeys("\n");
      browser.awaitValue(ROWS, "2");
      browser.awaitValue(COUNTED, "1 delivered, 1 failed, 0 pending");

      browser.evaluate("document.querySelector('rh-histogram [role=slider]').focus()");
      browser.pressKeys(Keys.HOME);
      browser.pressKeys(Keys.ENTER);
      browser.awaitValue(CHIPS, "Stack: counted-2, Created: Custom range");
      browser.awaitText("No matches");
    }
  }

  @Test
  void selected_deliveries_are_resent(WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "selection", receiver, "Chat");
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-1: Failed");

      browser.click(By.cssSelector("[aria-label='Select all finished deliveries on this page']"));
      browser.awaitText("2 selected");
      browser.click(By.cssSelector("[aria-label='Select Queued run-2']"));
      browser.awaitText("1 selected");
      browser.click("Resend selected");

      browser.awaitText("1 redelivery queued");
      fixture.awaitStatus(webhook, "DELIVERED", 2);
      browser.await(By.cssSelector("[aria-label='Redelivery']"));
    }
  }

  @Test
  void keys_walk_copy_select_and_resend_deliveries(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createDeliveries(fixture, "delivery-keys", receiver, "Chat");
      Keyboard keys = new Keyboard(browser);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-2: Delivered");
      browser.evaluate(KEEP_COPIED);

      keys.press("j", "j");
      keys.awaitFocus("Queued of run-1: Failed");
      keys.press("c");
      browser.awaitText("Copied");
      assertThat(browser.evaluate("window.copied")).startsWith("curl '" + receiver.url());
      keys.press(Keys.ENTER);
      browser.awaitText("Why it failed");
      keys.press("k");
      browser.awaitText("Timeline");
      keys.press("j");
      browser.awaitText("Why it failed");
      browser.back();
      keys.awaitFocus("Queued of run-1: Failed");
      keys.press("x");
      browser.awaitText("1 selected");
      keys.press("r");
      browser.awaitText("1 redelivery queued");
      fixture.awaitStatus(webhook, "DELIVERED", 2);
      keys.press("e");
      browser.awaitText("Delete this webhook");
    }
  }

  @Test
  void all_matches_of_a_filter_are_resent_to_several_webhooks(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String chat = createDeliveries(fixture, "resend-1", receiver, "Chat");
      String pager = createDeliveries(fixture, "resend-2", receiver, "Pager");
      browser.signIn(fixture.createToken("admin", "resend-1", "resend-2"));
      browser.open("#/deliveries?statusCode=401");
      browser.awaitValue(ROWS, "2");

      browser.click("Resend deliveries…");
      browser.awaitText("2 deliveries will be resent.");
      browser.click("Resend");

      browser.awaitText("All 2 delivered.");
      fixture.awaitStatus(chat, "DELIVERED", 2);
      fixture.awaitStatus(pager, "DELIVERED", 2);
    }
  }

  @Test
  void long_names_fit_a_window_of_1024_pixels(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String stack = "a-long-name-".repeat(8) + "of-a-stack";
      createDeliveries(fixture, stack, receiver, "A-long-name-".repeat(15));
      browser.signIn(fixture.createToken("admin", stack));
      browser.emulate(1024, "light");
      browser.open("#/deliveries");
      browser.control("Queued of run-1: Failed");

      assertThat(browser.evaluate(CUT_OFF)).isEqualTo("0");
    }
  }
}
