package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// How the web UI shows secrets, including those that the server cannot decrypt.
@ExtendWith(SharedBrowserExtension.class)
class SecretDisplayIT {
  private static final String SECRET = "It's a Secret to Everybody, and it is longer than its dots";
  private static final String SHOW_BEGINS =
      "document.querySelector('rh-secret button').getBoundingClientRect().x";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");

  @Test
  void a_secret_is_fetched_only_on_request(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("hush", "Hush");
    String webhook = fixture.createWebhook("hush", webhookJson("http://127.0.0.1:9/hush"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    for (String view : new String[] {"", "/runs", "/settings/integrations"}) {
      browser.navigate("#/stacks/hush" + view);
    }
    browser.navigate(webhook);
    browser.control("Show the secret");
    assertThat(reads(fixture)).isEmpty();

    String before = browser.evaluate(SHOW_BEGINS);
    browser.click("Show the secret");
    browser.awaitText(SECRET);

    assertThat(reads(fixture)).hasSize(1);
    assertThat(browser.evaluate(SHOW_BEGINS)).isEqualTo(before);
    browser.click("Hide the secret");
    browser.control("Show the secret");
    assertThat(browser.text()).doesNotContain(SECRET);
  }

  @Test
  void a_short_new_secret_is_accepted_with_a_warning(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("short", "Short");
    String webhook =
        fixture.createWebhook(
            "short", webhookJson("http://127.0.0.1:9/short").put("name", "Short secret"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate(webhook);

    browser.click("Rotate secret");
    browser.type("New secret", "hunter2");
    browser.click(CONFIRM);

    browser.awaitText("The secret has fewer than 16 characters");
  }

  @Test
  void a_previous_secret_is_expired_before_its_time(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("rolled", "Rolled");
    String webhook = fixture.createWebhook("rolled", webhookJson("http://127.0.0.1:9/rolled"));
    String path = WebUiFixture.pathOf(webhook);
    fixture.api().post(path + "/secret", "{}").requireSuccess();
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate(webhook);
    browser.awaitText("Still used in webhook-signature; expires in 24 h");

    browser.click("Expire now");
    browser.awaitText("Receivers that still use the previous secret will reject them.");
    browser.click(CONFIRM);

    browser.awaitText("The previous secret has expired.");
    browser.awaitValue("document.body.innerText.includes('Still used')", "false");
    assertThat(
            fixture
                .api()
                .get(path)
                .requireSuccess()
                .json()
                .path("previousSecretExpiresAt")
                .isNull())
        .isTrue();
  }

  @Test
  void a_decryption_error_is_explained_and_can_be_fixed(WebUiFixture fixture, Browser browser)
      throws Exception {
    fixture.putStack("lost", "Lost");
    String webhook =
        fixture.createWebhook(
            "lost", webhookJson("http://127.0.0.1:9/lost").put("name", "Lost key"));
    loseKey(fixture, webhook);
    browser.signIn(WebUiFixture.ADMIN_TOKEN);

    for (String view : new String[] {"#/stacks/lost", "#/stacks/lost/settings/integrations"}) {
      browser.navigate(view);
      assertErrorShown(browser);
    }
    assertThat(browser.text()).contains("Takes new events");
    browser.click("Edit Lost key");
    browser.control("Rotate secret");
    assertErrorShown(browser);
    browser.click("Show the secret");
    browser.awaitText("is encrypted with key gone");

    browser.click("Rotate secret");
    browser.field("New secret");
    assertThat(browser.findAll("dialog select"))
        .as("choice of the expiry of the previous secret")
        .isEmpty();
    browser.type("New secret", SECRET);
    browser.click(CONFIRM);
    browser.awaitText("Nothing sent yet");
    browser.awaitText("Takes new events");
    assertThat(browser.text())
        .doesNotContain("Cannot decrypt", "Nothing is delivered", "cannot decrypt");
    browser.click("Show the secret");
    browser.awaitText(SECRET);
  }

  private static ObjectNode webhookJson(String endpoint) {
    return WebUiFixture.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  private static JsonNode reads(WebUiFixture fixture) throws IOException {
    return fixture
        .api()
        .get("/audit?stack=hush&action=SECRET_READ")
        .requireSuccess()
        .json()
        .path("items");
  }

  private static void assertErrorShown(Browser browser) {
    browser.awaitText("Cannot decrypt");
    browser.awaitText("Nothing is delivered. The secret of webhook ");
    browser.awaitText(
        " is encrypted with key gone, which is not configured; configure that encryption key");
    browser.awaitText(", or rotate the secret.");
  }

  /// Makes the secret appear as if it were encrypted with a key that this server does not have.
  private static void loseKey(WebUiFixture fixture, String webhook) throws SQLException {
    String sql = "update runhook.webhook set secret_key_id = 'gone' where id = ?";
    try (Connection connection = DriverManager.getConnection(fixture.installation().jdbcUrl());
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, UUID.fromString(webhook.substring(webhook.lastIndexOf('/') + 1)));
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }
}
