package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Text that is written from right to left changes the order of no other text.
@ExtendWith(SharedBrowserExtension.class)
class RightToLeftIT {
  private static final String TEXT = "שלום וברכה";

  /// The visible elements that contain the text but do not isolate it.
  private static final String NOT_ISOLATED =
      """
      [...document.querySelectorAll('body *')]
        .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.includes('שלום')))
        .filter(each => !each.closest('[dir], bdi, .unseen') && !each.textContent.includes('\\u2068'))
        .map(each => each.outerHTML).join('; ')
      """;

  @Test
  void it_is_isolated_in_every_view(WebUiFixture fixture, Browser browser) throws IOException {
    ObjectNode stack = WebUiFixture.json().put("name", TEXT).put("description", TEXT);
    stack.putArray("labels").add(TEXT);
    fixture.putStack("rtl", stack.put("repository", TEXT));
    ObjectNode run = WebUiFixture.json().put("id", "run-1").put("branch", TEXT).put("note", TEXT);
    run.putObject("commit").put("hash", "0ee3f1c").put("message", TEXT).put("authorName", TEXT);
    ObjectNode json = WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/rtl");
    String webhook = fixture.createWebhook("rtl", json.put("name", TEXT).put("enabled", false));
    fixture
        .api()
        .post("/stacks/rtl/runs", run.put("triggeredBy", TEXT).toString())
        .requireSuccess();
    fixture.createToken("reader");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);

    for (String view :
        List.of(
            "#/stacks?search=rtl",
            "#/stacks/rtl",
            "#/stacks/rtl/runs/run-1",
            "#/stacks/rtl/settings/general",
            "#/stacks/rtl/settings/integrations",
            webhook,
            webhook + "/deliveries",
            webhook + "/health")) {
      browser.navigate(view);
      browser.awaitText("שלום");

      assertThat(browser.evaluate(NOT_ISOLATED)).as(view).isEmpty();
    }
  }
}
