package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/// The search on every page, which says why a webhook did not get a run.
@ExtendWith(SharedBrowserExtension.class)
class SearchIT {
  private static final String SECRET = "It's a Secret to Everybody";

  @Test
  void a_run_that_a_webhook_did_not_get_is_found_explained_and_sent(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      fixture.putStack("asked", "Asked");
      ObjectNode json =
          WebUiFixture.json()
              .put("endpoint", receiver.url())
              .put("name", "Pigeon")
              .put("secret", SECRET);
      json.putArray("branches").add("release/*");
      fixture.createWebhook("asked", json);
      fixture.api().startRun("asked", "why-1").requireSuccess();
      fixture.api().startRun("asked", "why-2").requireSuccess();
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open("#/stacks/asked");

      browser.pressControl("k");
      browser.pressKeys("pigeon why-1", Keys.ENTER);

      browser.awaitText("is not among this webhook's branches: release/*.");
      browser.awaitText("1 other event left out for this reason in the last 7 days.");
      assertThat(browser.text()).doesNotContain("why-2");
      assertThat(browser.evaluate("location.hash")).isEqualTo("#/search?q=pigeon%20why-1");
      assertThat(browser.seriousViolations()).isEmpty();
      browser.navigate("#/stacks");
      browser.awaitValue("document.querySelector('[name=q]').value", "");
      browser.back();
      browser.awaitValue("document.querySelector('[name=q]').value", "pigeon why-1");

      browser.click("Send it anyway");
      browser.awaitText("1 delivery will be resent.");
      browser.click("Resend");
      browser.awaitText("Delivered.");
      browser.awaitText("Delivered on attempt 1.");
    }
  }

  @Test
  void a_branch_is_added_to_a_filter_and_excluded_from_it(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      fixture.putStack("muted", "Muted");
      ObjectNode json =
          WebUiFixture.json()
              .put("endpoint", receiver.url())
              .put("name", "Sparrow")
              .put("secret", SECRET);
      json.putArray("branches").add("release/*");
      fixture.createWebhook("muted", json);
      fixture.api().startRun("muted", "mute-1").requireSuccess();
      fixture.api().startRun("muted", "mute-2").requireSuccess();
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open("#/search?q=sparrow%20mute-1");

      browser.click("Add the branch to the filter");
      browser.awaitValue("document.querySelector('[name=branches]')?.value", "release/*\nmain");
      browser.awaitText("a day instead of 0");
      browser.click("Save");
      browser.awaitText("The latest 2 events were not sent.");
      browser.click("Send them");
      browser.awaitText("2 events are sent.");
      browser.navigate("#/deliveries");
      browser.click("Queued of mute-1: Delivered");
      browser.click("Mute this branch");
      browser.awaitValue(
          "document.querySelector('[name=branches]')?.value", "main\nrelease/*\n!main");
      browser.awaitText("about 0 a day instead of 2");
      assertThat(browser.seriousViolations()).isEmpty();
    }
  }

  @Test
  void what_is_found_is_linked_and_what_is_not_found_is_named(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("sought", "Sought after");
    fixture.api().startRun("sought", "linked-1").requireSuccess();
    browser.signIn(fixture.createToken("reader", "sought"));

    browser.open("#/search?q=sought");
    browser.click("Sought after");
    browser.control("linked-1");
    browser.open("#/search?q=linked");
    browser.click("linked-1");
    browser.awaitText("No webhooks on this stack.");
    browser.open("#/search?q=linked%20nowhere");
    browser.awaitText("Nothing is found for “nowhere”");
  }
}
