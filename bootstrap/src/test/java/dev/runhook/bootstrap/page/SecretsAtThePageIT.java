package dev.runhook.bootstrap.page;

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
@ExtendWith(Visit.class)
class SecretsAtThePageIT {
  private static final String SECRET = "It's a Secret to Everybody, and it is longer than its dots";
  private static final String SHOW_BEGINS =
      "document.querySelector('rh-secret button').getBoundingClientRect().x";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");

  @Test
  void a_secret_is_read_when_somebody_wants_to_see_it_and_not_before(Site site, Browser browser)
      throws IOException {
    site.stack("hush", "Hush");
    String webhook = site.webhook("hush", said("http://127.0.0.1:9/hush"));
    browser.signIn(Site.ADMIN);
    for (String view : new String[] {"", "/runs", "/settings/integrations"}) {
      browser.follow("#/stacks/hush" + view);
    }
    browser.follow(webhook);
    browser.control("Show the secret");
    assertThat(reads(site)).isEmpty();

    String before = browser.value(SHOW_BEGINS);
    browser.press("Show the secret");
    browser.awaitText(SECRET);

    assertThat(reads(site)).hasSize(1);
    assertThat(browser.value(SHOW_BEGINS)).isEqualTo(before);
    browser.press("Hide the secret");
    browser.control("Show the secret");
    assertThat(browser.text()).doesNotContain(SECRET);
  }

  @Test
  void a_webhook_that_cannot_be_decrypted_tells_why_and_can_be_mended(Site site, Browser browser)
      throws Exception {
    site.stack("lost", "Lost");
    String webhook = site.webhook("lost", said("http://127.0.0.1:9/lost").put("name", "Lost key"));
    loseKey(site, webhook);
    browser.signIn(Site.ADMIN);

    for (String view : new String[] {"#/stacks/lost", "#/stacks/lost/settings/integrations"}) {
      browser.follow(view);
      assertToldWhy(browser);
    }
    assertThat(browser.text())
        .contains("cannot be decrypted by the server", "on: what happens waits");
    assertThat(browser.offers("Show the secret")).isFalse();
    browser.press("Edit Lost key");
    browser.control("Regenerate secret");
    assertToldWhy(browser);

    browser.press("Regenerate secret");
    browser.field("New secret");
    assertThat(browser.all("dialog select")).as("until when the old one signs").isEmpty();
    browser.type("New secret", SECRET);
    browser.press(CONFIRM);
    browser.awaitText("Active");
    browser.awaitText("on: what happens is delivered");
    assertThat(browser.text()).doesNotContain("Unreadable", "Nothing is sent", "be decrypted");
    browser.press("Show the secret");
    browser.awaitText(SECRET);
  }

  private static ObjectNode said(String endpoint) {
    return Site.json().put("endpoint", endpoint).put("secret", SECRET);
  }

  private static JsonNode reads(Site site) throws IOException {
    return site.api()
        .get("/audit?stack=hush&action=SECRET_READ")
        .expectingSuccess()
        .json()
        .path("items");
  }

  private static void assertToldWhy(Browser browser) {
    browser.awaitText("Unreadable");
    browser.awaitText("Nothing is sent. The secret of webhook ");
    browser.awaitText(" is encrypted with key gone, which is not configured; give that key by ");
    browser.awaitText(", or give the webhook a new secret.");
  }

  /// As if it had been encrypted with a key that this server was never given.
  private static void loseKey(Site site, String webhook) throws SQLException {
    String sql = "update runhook.webhook set secret_key = 'gone' where id = ?";
    try (Connection connection = DriverManager.getConnection(site.home().jdbcUrl());
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, UUID.fromString(webhook.substring(webhook.lastIndexOf('/') + 1)));
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }
}
