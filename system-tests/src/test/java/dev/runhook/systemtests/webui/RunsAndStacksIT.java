package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The lists of stacks and of the runs of a stack.
@ExtendWith(SharedBrowserExtension.class)
class RunsAndStacksIT {
  private static final By TABLE = By.cssSelector(".sheet");
  private static final String ROWS = "document.querySelectorAll('tbody tr').length";
  private static final String CUT_OFF =
      "(each => each.scrollWidth - each.clientWidth)(document.querySelector('.sheet'))";
  private static final int PAGE_SIZE = 50;

  /// Adds up how far elements move without input of the user.
  private static final String OBSERVE_SHIFTS =
      """
      window.shift = 0;
      const add = entries => entries.forEach(each => (window.shift += each.value));
      const observer = new PerformanceObserver(list => add(list.getEntries()));
      observer.observe({ type: 'layout-shift', buffered: true });
      window.layoutShift = () => (add(observer.takeRecords()), window.shift);
      """;

  private static void startRun(WebUiFixture fixture, String stack, ObjectNode run)
      throws IOException {
    fixture.api().post("/stacks/" + stack + "/runs", run.toString()).requireSuccess();
  }

  private static ObjectNode run(String id, String branch) {
    ObjectNode run = WebUiFixture.json().put("id", id).put("branch", branch);
    run.putObject("commit").put("hash", "0ee3f1c");
    return run;
  }

  @Test
  void more_runs_than_a_page_are_reached_and_filtered(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("runs", "Runs");
    for (int i = 0; i <= PAGE_SIZE; i++) {
      startRun(fixture, "runs", run("run-" + i, i == 7 ? "develop" : "main"));
    }
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open("#/stacks/runs");
    browser.awaitValue(ROWS, "" + PAGE_SIZE);
    browser.click("Older");
    browser.awaitValue(ROWS, "1");
    browser.control("run-0");

    browser.type("Filter", "branch:develop");
    browser.pressKeys(Keys.ENTER);
    browser.control("run-7");
    browser.awaitValue(ROWS, "1");
    browser.click("run-7");
    browser.awaitText("No webhooks on this stack.");
    browser.back();
    browser.control("run-7");
    browser.awaitValue(ROWS, "1");
    assertThat(browser.evaluate("location.hash")).isEqualTo("#/stacks/runs?branch=develop");

    browser.open("#/stacks/runs");
    browser.type("Filter", "run-4");
    browser.pressKeys(Keys.ENTER);
    browser.awaitValue(ROWS, "11");
    browser.control("run-4");
    browser.control("run-42");
    browser.open("#/stacks/runs?idPrefix=none");
    browser.awaitText("No matches");
  }

  @Test
  void back_returns_to_the_scroll_position(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("scrolled", "Scrolled");
    for (int number = 0; number < PAGE_SIZE; number++) {
      fixture.api().startRun("scrolled", "run-" + number).requireSuccess();
    }
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/stacks/scrolled");
    browser.awaitValue(ROWS, "" + PAGE_SIZE);
    browser.evaluate("window.scrollTo(0, 700)");
    browser.navigate("#/stacks/scrolled/runs/run-1");
    browser.awaitValue("window.scrollY", "0");

    browser.back();

    browser.awaitValue("window.scrollY", "700");
    browser.awaitValue(ROWS, "" + PAGE_SIZE);
  }

  @Test
  void long_names_fit_the_windows_of_laptops_and_tablets(WebUiFixture fixture, Browser browser)
      throws IOException {
    String name = "a-long-name-".repeat(9);
    fixture.putStack("wide-runs", WebUiFixture.json().put("name", name).put("description", name));
    ObjectNode run = run(name + "run", "feature/" + name).put("triggeredBy", name + "@example.com");
    run.withObject("/commit").put("message", name.repeat(3)).put("authorName", name);
    run.putObject("delta")
        .put("added", 12_345)
        .put("changed", 12_345)
        .put("deleted", 12_345)
        .put("resources", 123_456);
    startRun(fixture, "wide-runs", run);
    browser.signIn(fixture.createToken("admin", "wide-runs"));

    for (int width : new int[] {1440, 1024, 800}) {
      browser.emulate(width, "light");
      for (String view : List.of("#/stacks/wide-runs", "#/stacks", "#/")) {
        browser.open(view);
        browser.await(TABLE);
        assertThat(browser.evaluate(CUT_OFF)).as("%s at %s", view, width).isEqualTo("0");
      }
    }
  }

  @Test
  void more_stacks_than_a_page_are_reached_by_links(WebUiFixture fixture, Browser browser)
      throws IOException {
    for (int i = 0; i <= PAGE_SIZE; i++) {
      fixture.putStack("paged-" + (100 + i), "Paged " + (100 + i));
    }
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open("#/stacks?search=paged-");
    browser.awaitValue(ROWS, "" + PAGE_SIZE);

    browser.click("Next page");
    browser.awaitValue(ROWS, "1");
    browser.control("Paged " + (100 + PAGE_SIZE));
    browser.click("First page");
    browser.awaitValue(ROWS, "" + PAGE_SIZE);
    for (int i = 0; i <= PAGE_SIZE; i++) { // other tests expect their stacks on the first page
      fixture.api().delete("/stacks/paged-" + (100 + i)).requireSuccess();
    }
  }

  @Test
  void runs_do_not_move_when_their_data_arrives(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("still", WebUiFixture.json().put("name", "Still").put("description", "Text"));
    fixture.createWebhook(
        "still", WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/").put("enabled", false));
    startRun(fixture, "still", run("run-1", "main"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object observer = browser.addInitScript(OBSERVE_SHIFTS);
    try {
      browser.open("#/stacks/still");
      browser.control("run-1");
      browser.awaitText("New events are not delivered while it is disabled.");

      assertThat(Double.parseDouble(browser.evaluate("layoutShift()"))).isLessThan(0.1);
    } finally {
      browser.removeInitScript(observer);
    }
  }

  @Test
  void stacks_are_found_by_label_description_and_repository(WebUiFixture fixture, Browser browser)
      throws IOException {
    ObjectNode stack = WebUiFixture.json().put("name", "Found").put("description", "Some VPCs");
    for (int i = 1; i <= 8; i++) {
      stack.withArray("labels").add("found:" + i);
    }
    fixture.putStack("found", stack.put("repository", "acme/found-infra"));
    fixture.putStack("hidden", "Hidden");
    browser.signIn(fixture.createToken("admin", "found", "hidden"));
    browser.open("#/stacks");
    browser.awaitText("Hidden");
    browser.awaitText("+2 more");

    for (String text : List.of("found:8", "VPC", "acme/found")) {
      browser.type("Search stacks", text);
      browser.awaitValue(ROWS, "1");
      browser.control("Found");
      browser.type("Search stacks", "nothing like it");
      browser.awaitText("No matches");
    }
    browser.open("#/stacks?search=VPC");
    browser.awaitValue(ROWS, "1");
    assertThat(browser.field("Search stacks").getDomProperty("value")).isEqualTo("VPC");
    browser.open("#/stacks");
    browser.click("found:3");
    browser.awaitText("Show all labels");
    browser.awaitValue(ROWS, "1");
    browser.click("Found");
    browser.awaitText("No runs yet");
  }
}
