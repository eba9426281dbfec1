package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// The home page of a new server leads to the first delivery.
class GettingStartedIT {
  private static final String SECRET = "It's a Secret to Everybody";

  @Test
  void each_step_to_the_first_delivery_is_ticked_when_it_is_done() throws IOException {
    try (WebUiFixture fixture = WebUiFixture.start();
        Browser browser = Browser.start(fixture.url());
        Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      awaitStep(browser, "Create a writer token");
      browser.control("Create token");
      assertThat(browser.seriousViolations()).isEmpty();

      fixture.createToken("writer");
      awaitStep(browser, "Register a stack");
      browser.awaitText("/api/v1/stacks/demo");

      fixture.putStack("first", "First");
      awaitStep(browser, "Add a webhook to the stack");

      ObjectNode json =
          WebUiFixture.json()
              .put("endpoint", receiver.url())
              .put("name", "Chat")
              .put("secret", SECRET);
      fixture.createWebhook("first", json);
      awaitStep(browser, "Report a run");

      fixture.api().startRun("first", "run-1").requireSuccess();
      browser.awaitText("All webhooks are healthy");
      assertThat(browser.text()).doesNotContain("Get to the first delivery");
    }
  }

  private static void awaitStep(Browser browser, String text) {
    browser.awaitValue(
        "(document.querySelector('.checklist [aria-current]')?.innerText ?? '').includes('%s')"
            .formatted(text),
        "true");
  }
}
