package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.systemtests.fixture.ApiClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The matrix of a run's states and webhooks.
@ExtendWith(SharedBrowserExtension.class)
class RunViewIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final int WEBHOOKS = 20;
  private static final int MARKS = WEBHOOKS * ApiClient.STATES.size();
  private static final By MARK = By.cssSelector(".mark");
  private static final String CUT_OFF_WIDTH =
      "(each => each.scrollWidth - each.clientWidth)(document.querySelector('.matrix'))";
  private static final String HEIGHT = "document.documentElement.scrollHeight";

  /// Creates a run with all states on a stack with many webhooks. The first one rejects everything,
  /// and the second one wants only the last state.
  private static void createRun(WebUiFixture fixture, String stack, Receiver receiver)
      throws IOException {
    fixture.putStack(stack, stack);
    for (int i = 1; i <= WEBHOOKS; i++) {
      ObjectNode webhook =
          WebUiFixture.json()
              .put("endpoint", receiver.url() + "/" + i)
              .put("name", "Webhook " + i)
              .put("secret", i == 1 ? "not the secret of its receiver" : SECRET);
      webhook.withArray("retrySchedule");
      if (i == 2) {
        webhook.withArray("states").add("FINISHED");
      }
      fixture.createWebhook(stack, webhook);
    }
    for (int version = 1; version <= ApiClient.STATES.size(); version++) {
      fixture.api().recordVersion(stack, "run-1", version).requireSuccess();
    }
  }

  @Test
  void the_deliveries_of_a_run_fit_one_screen_and_a_phone(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createRun(fixture, "matrix", receiver);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open("#/stacks/matrix/runs/run-1");
      browser.await(MARK);

      assertThat(browser.findAll(".mark")).hasSize(MARKS);
      assertThat(browser.evaluate(CUT_OFF_WIDTH)).isEqualTo("0");
      assertThat(Integer.parseInt(browser.evaluate(HEIGHT))).isLessThan(1100);

      browser.emulate(Browser.NARROW, "light");
      browser.awaitValue("document.querySelectorAll('.matrix tbody tr').length", "" + WEBHOOKS);
      assertThat(browser.findAll(".mark")).hasSize(MARKS);
      assertThat(browser.evaluate(CUT_OFF_WIDTH)).isEqualTo("0");
      assertThat(Integer.parseInt(browser.evaluate(HEIGHT))).isLessThan(1700);
    }
  }

  @Test
  void a_mark_is_explained_when_it_is_selected(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createRun(fixture, "marks", receiver);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open("#/stacks/marks/runs/run-1");
      browser.awaitText("8 failed");
      browser.awaitText("7 not sent");

      browser.click("Webhook 1, Finished: Failed");
      browser.awaitText("Failed permanently after 1 attempt.");
      browser.click("Webhook 2, Applying: Not sent");
      browser.awaitText("Applying is not among this webhook's events");
      assertThat(browser.text()).doesNotContain("Failed permanently");

      browser.click("Webhook 3, Queued: Delivered");
      browser.click("View delivery");
      browser.awaitText("Timeline");
      browser.back();
      browser.awaitText("Delivered on attempt 1");
      browser.click("Redeliver");
      browser.awaitText("Redelivery queued");
    }
  }

  @Test
  void the_marks_are_one_stop_of_the_tab_key(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createRun(fixture, "arrows", receiver);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open("#/stacks/arrows/runs/run-1");
      browser.await(MARK);
      browser.awaitText("8 failed");
      Keyboard keys = new Keyboard(browser);

      keys.tabTo("Webhook 1, Finished: Failed");
      keys.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_DOWN);
      keys.awaitFocus("Webhook 3, Applying: Delivered");
      keys.press(Keys.ENTER);
      browser.awaitText("Delivered on attempt 1");
      assertThat(keys.tabThrough(2)).containsExactly("View delivery", "Redeliver");
    }
  }
}
