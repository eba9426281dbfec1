package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// Edits of a webhook neither undo those of another user nor get lost.
@ExtendWith(SharedBrowserExtension.class)
class ConcurrentEditIT {
  private static final String NAME = "document.querySelector('[name=name]').value";

  private static String createWebhook(WebUiFixture fixture, String stack) throws IOException {
    fixture.putStack(stack, stack);
    return fixture.createWebhook(
        stack, WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/" + stack));
  }

  private static JsonNode webhook(WebUiFixture fixture, String webhook) throws IOException {
    return fixture.api().get(WebUiFixture.pathOf(webhook)).requireSuccess().json();
  }

  @Test
  void saving_does_not_undo_the_changes_of_another_user(WebUiFixture fixture, Browser browser)
      throws IOException {
    String webhook = createWebhook(fixture, "edited");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook);
    browser.type("Name", "Mine");
    fixture
        .api()
        .patch(WebUiFixture.pathOf(webhook), "{\"name\":\"Theirs\",\"states\":[\"FAILED\"]}")
        .requireSuccess();

    browser.click("Save");
    browser.awaitText("Not saved: another user has changed this webhook.");
    assertThat(webhook(fixture, webhook).path("name").asText()).isEqualTo("Theirs");
    assertThat(browser.evaluate(NAME)).isEqualTo("Mine");

    browser.click("Discard my changes and show theirs");
    browser.awaitValue(NAME, "Theirs");
    browser.type("Name", "Ours");
    browser.click("Save");
    browser.awaitText("Saved");
    assertThat(webhook(fixture, webhook).path("name").asText()).isEqualTo("Ours");
    assertThat(webhook(fixture, webhook).path("states").toString()).isEqualTo("[\"FAILED\"]");
  }

  @Test
  void own_changes_next_to_the_form_do_not_block_saving(WebUiFixture fixture, Browser browser)
      throws IOException {
    String webhook = createWebhook(fixture, "toggled");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook);
    browser.type("Name", "Off");
    browser.click(By.cssSelector("rh-switch button"));
    browser.awaitText("Takes no new events");

    browser.click("Save");
    browser.awaitText("Saved");
    assertThat(webhook(fixture, webhook).path("enabled").asBoolean()).isFalse();
    assertThat(webhook(fixture, webhook).path("name").asText()).isEqualTo("Off");
  }

  @Test
  void unsaved_changes_are_not_discarded_without_a_question(WebUiFixture fixture, Browser browser)
      throws IOException {
    String webhook = createWebhook(fixture, "unsaved");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook);
    browser.type("Name", "Unsaved");

    browser.click("Health");
    assertThat(browser.answerQuestion(false)).isEqualTo("Discard unsaved changes?");
    assertThat(browser.evaluate(NAME)).isEqualTo("Unsaved");
    assertThat(browser.evaluate("location.hash")).isEqualTo(webhook);
    browser.click("Health");
    browser.answerQuestion(true);
    browser.awaitText("No deliveries in the last hour");
  }

  @Test
  void duplicate_headers_are_reported_at_their_field(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("headers", "Headers");
    String webhook =
        fixture.createWebhook(
            "headers",
            WebUiFixture.json()
                .put("endpoint", "http://127.0.0.1:9/headers")
                .set("headers", WebUiFixture.json().put("X-Team", "a")));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook);
    browser.click("Add header");
    browser.focused().sendKeys("x-team");
    browser.click("Save");

    browser.awaitText("Duplicate header: x-team");
    assertThat(webhook(fixture, webhook).path("headers").toString())
        .isEqualTo("{\"X-Team\":\"***\"}");
  }
}
