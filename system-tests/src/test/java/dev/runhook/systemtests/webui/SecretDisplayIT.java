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

/// What the page shows of secrets, and of those that the server itself cannot read.
@ExtendWith(SharedBrowserExtension.class)
class SecretDisplayIT {
  private static final String SECRET = "It's a Secret to Everybody, and it is longer than its dots";
  private static final String SHOW_BEGINS =
      "document.querySelector('rh-secret button').getBoundingClientRect().x";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");

  @Test
  void a_secret_is_read_when_somebody_wants_to_see_it_and_not_before(
      WebUiFixture webUiFixture, Browser browser) throws IOException {
    webUiFixture.putStack("hush", "Hush");
    String webhook = webUiFixture.createWebhook("hush", said("http://127.0.0.1:9/hush"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    for (String view : new String[] {"", "/runs", "/settings/integrations"}) {
      browser.navigate("#/stacks/hush" + view);
    }
    browser.navigate(webhook);
    browser.control("Show the secret");
    assertThat(reads(webUiFixture)).isEmpty();

    String before = browser.evaluate(SHOW_BEGINS);
    browser.click("Show the secret");
    browser.awaitText(SECRET);

    assertThat(reads(webUiFixture)).hasSize(1);
    assertThat(browser.evaluate(SHOW_BEGINS)).isEqualTo(before);
    browser.click("Hide the secret");
    browser.control("Show the secret");
    assertThat(browser.text()).doesNotContain(SECRET);
  }

  @Test
  void a_webhook_that_cannot_be_decrypted_tells_why_and_can_be_mended(
      WebUiFixture webUiFixture, Browser browser) throws Exception {
    webUiFixture.putStack("lost", "Lost");
    String webhook =
        webUiFixture.createWebhook("lost", said("http://127.0.0.1:9/lost").put("name", "Lost key"));
    loseKey(webUiFixture, webhook);
    browser.signIn(WebUiFixture.ADMIN_TOKEN);

    for (String view : new String[] {"#/stacks/lost", "#/stacks/lost/settings/integrations"}) {
      browser.navigate(view);
      assertToldWhy(browser);
    }
    assertThat(browser.text()).contains("The server cannot decrypt it.", "Events are queued");
    assertThat(browser.hasControl("Show the secret")).isFalse();
    browser.click("Edit Lost key");
    browser.control("Rotate secret");
    assertToldWhy(browser);

    browser.click("Rotate secret");
    browser.field("New secret");
    assertThat(browser.findAll("dialog select")).as("until when the old one signs").isEmpty();
    browser.type("New secret", SECRET);
    browser.click(CONFIRM);
    browser.awaitText("Active");
    browser.awaitText("Events are delivered");
    assertThat(browser.text())
        .doesNotContain("Cannot decrypt", "Nothing is delivered", "cannot decrypt");
    browser.click("Show the secret");
    browser.awaitText(SECRET);
  }

  private static ObjectNode said(String endpoint) {
    return WebUiFixture.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  private static JsonNode reads(WebUiFixture webUiFixture) throws IOException {
    return webUiFixture
        .api()
        .get("/audit?stack=hush&action=SECRET_READ")
        .requireSuccess()
        .json()
        .path("items");
  }

  private static void assertToldWhy(Browser browser) {
    browser.awaitText("Cannot decrypt");
    browser.awaitText("Nothing is delivered. The secret of webhook ");
    browser.awaitText(
        " is encrypted with key gone, which is not configured; configure that encryption key");
    browser.awaitText(", or give the webhook a new secret.");
  }

  /// As if it had been encrypted with a key that this server was never given.
  private static void loseKey(WebUiFixture webUiFixture, String webhook) throws SQLException {
    String sql = "update runhook.webhook set secret_key_id = 'gone' where id = ?";
    try (Connection connection =
            DriverManager.getConnection(webUiFixture.installation().jdbcUrl());
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, UUID.fromString(webhook.substring(webhook.lastIndexOf('/') + 1)));
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }
}
