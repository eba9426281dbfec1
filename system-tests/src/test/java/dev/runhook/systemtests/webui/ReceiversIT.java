package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// The table that compares all webhooks.
@ExtendWith(SharedBrowserExtension.class)
class ReceiversIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String NAMES =
      "[...document.querySelectorAll('.rowlink')].map(each => each.textContent).join(', ')";

  /// Keeps the content of files that are downloaded.
  private static final String KEEP_DOWNLOADS =
      """
      URL.createObjectURL = blob => (blob.text().then(text => (window.downloaded = text)), '#/receivers')
      """;

  private static String createWebhook(
      WebUiFixture fixture, String stack, Receiver receiver, String name) throws IOException {
    ObjectNode json = WebUiFixture.json().put("endpoint", receiver.url() + "/" + name);
    return fixture.createWebhook(stack, json.put("name", name).put("secret", SECRET));
  }

  @Test
  void receivers_of_all_stacks_are_sorted_grouped_and_downloaded(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("compare-1", "One");
    fixture.putStack("compare-2", "Two");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      createWebhook(fixture, "compare-1", receiver, "Unused");
      String used = createWebhook(fixture, "compare-2", receiver, "Used");
      fixture.api().startRun("compare-2", "run-1").requireSuccess();
      fixture.awaitStatus(used, "DELIVERED", 1);
      browser.signIn(fixture.createToken("reader", "compare-1", "compare-2"));

      browser.click("Slow receivers");
      browser.awaitValue(NAMES, "Used, Unused");
      browser.awaitValue("document.querySelector('[aria-sort]').textContent.trim()", "p99↓");
      assertThat(browser.text()).contains("100 %", "Healthy", "Nothing sent yet");
      browser.click(By.xpath("//th//button[normalize-space()='Receiver']"));
      browser.awaitValue(NAMES, "Unused, Used");
      browser.awaitValue("location.hash", "#/receivers?sort=name");
      browser.click(By.cssSelector("select[name=group] option[value=stack]"));
      browser.evaluate(KEEP_DOWNLOADS);
      browser.click("Download CSV");
      browser.awaitValue("window.downloaded?.split(String.fromCharCode(10)).length", "4");
      assertThat(browser.evaluate("window.downloaded"))
          .startsWith("id,name,endpoint,stack,verdict,")
          .contains(",Used," + receiver.url() + "/Used,compare-2,HEALTHY,DELIVERED,,1,1,1,");
      browser.click("Used");
      browser.control("Queued of run-1: Delivered");
    }
  }

  @Test
  void receivers_are_grouped_and_found(WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("group-1", "One");
    fixture.putStack("group-2", "Two");
    for (String name : new String[] {"a", "b"}) {
      ObjectNode json = WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/" + name);
      fixture.createWebhook("group-1", json.put("name", "Chat " + name));
    }
    ObjectNode json = WebUiFixture.json().put("endpoint", "http://127.0.0.2:9/c");
    fixture.createWebhook("group-2", json.put("name", "Pager"));
    browser.signIn(fixture.createToken("reader", "group-1", "group-2"));
    browser.open("#/receivers?sort=name&group=host");

    browser.awaitValue(NAMES, "Chat a, Chat b, Pager");
    String groups =
        "[...document.querySelectorAll('.group')].map(each => each.innerText.trim()).join(', ')";
    assertThat(browser.evaluate(groups)).isEqualTo("127.0.0.1:9 2, 127.0.0.2:9 1");
    browser.type("Search webhooks", "pager");
    browser.awaitValue(NAMES, "Pager");
    browser.awaitValue("location.hash", "#/receivers?sort=name&group=host&search=pager");
  }

  @Test
  void receivers_are_grouped_by_each_label_of_their_stack(WebUiFixture fixture, Browser browser)
      throws IOException {
    ObjectNode stack = WebUiFixture.json().put("name", "Labeled");
    stack.putArray("labels").add("prod").add("team-a");
    fixture.putStack("labeled-1", stack);
    fixture.putStack("labeled-2", "Not labeled");
    for (String id : new String[] {"labeled-1", "labeled-2"}) {
      ObjectNode json = WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/" + id);
      fixture.createWebhook(id, json.put("name", "Chat of " + id));
    }
    browser.signIn(fixture.createToken("reader", "labeled-1", "labeled-2"));
    browser.open("#/receivers?sort=name");
    browser.control("Chat of labeled-1");

    browser.click(By.cssSelector("select[name=group] option[value=label]"));

    browser.awaitValue(
        "[...document.querySelectorAll('.group')].map(each => each.innerText.trim()).join(', ')",
        "prod 1, team-a 1, No label 1");
    browser.awaitValue(NAMES, "Chat of labeled-1, Chat of labeled-1, Chat of labeled-2");
  }
}
