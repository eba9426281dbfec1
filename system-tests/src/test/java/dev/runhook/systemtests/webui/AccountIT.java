package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.systemtests.fixture.ApiClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The views for administrators of an account: tokens, sessions, audit log and payloads.
@ExtendWith(SharedBrowserExtension.class)
class AccountIT {
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");
  private static final By TOKEN = By.cssSelector("dialog .token");

  @Test
  void a_token_is_created_shown_once_renamed_and_revoked(WebUiFixture fixture, Browser browser)
      throws IOException {
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.click("Account");
    browser.click("Create token");
    browser.click(CONFIRM);
    browser.awaitValue(
        "document.querySelector('dialog [aria-invalid=true]')?.labels[0].innerText", "Name");

    browser.type("Name", "CI of AccountIT");
    fixture.putStack("ci-one", "One");
    fixture.putStack("ci-two", "Two");
    browser.type("Stacks", "ci-one, ci-tw");
    browser.awaitValue(
        "document.querySelector('dialog datalist').options[0]?.value", "ci-one, ci-two");
    browser.type("Stacks", "ci-one, ci-tow");
    browser.click(CONFIRM);
    browser.awaitText("there is no stack ci-tow");
    browser.type("Stacks", "ci-one, ci-two");
    browser.click(CONFIRM);
    browser.awaitText("Copy the token now. It is not shown again.");
    String token = browser.await(TOKEN).getText();
    browser.click("Close");
    JsonNode session = new ApiClient(fixture.url(), token).get("/session").requireSuccess().json();
    assertThat(session.path("role").asText()).isEqualTo("writer");
    assertThat(session.path("stacks").toString()).isEqualTo("[\"ci-one\",\"ci-two\"]");
    browser.awaitText("Only ci-one, ci-two");
    assertThat(browser.text()).containsPattern("expires \\w{3} \\d+, \\d{4}").doesNotContain(token);

    browser.click("Rename: CI of AccountIT");
    browser.type("Name", "CI of others");
    browser.click(CONFIRM);
    browser.click("Revoke: CI of others");
    browser.click(CONFIRM);
    browser.awaitText("Token revoked");
    browser.awaitText("Revoked");
    assertThat(browser.hasControl("Revoke: CI of others")).isFalse();
    browser.awaitValue("document.activeElement.tagName", "H1");
    assertThat(new ApiClient(fixture.url(), token).get("/session").status()).isEqualTo(401);
  }

  @Test
  void a_sign_in_link_signs_in_once_and_only_when_its_button_is_pressed(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("linked", "Linked");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/account/tokens");
    browser.click("Invite a person");
    browser.type("Name", "Ana of AccountIT");
    browser.type("Stacks", "linked");
    browser.click(CONFIRM);
    browser.awaitText("Send this link to the person. It works once, and expires");
    String link = browser.await(TOKEN).getText();
    assertThat(link).startsWith(fixture.url() + "/#/sign-in/");
    String hash = link.substring(link.indexOf('#'));
    browser.click("Close");

    browser.navigate(hash);
    browser.awaitText("That session ends.");
    browser.click("Sign out");
    browser.awaitValue("String(localStorage.getItem('runhook.session'))", "null");
    browser.awaitText("Sign in as Ana of AccountIT");
    browser.open("");
    browser.navigate(hash);
    browser.awaitText("Sign in as Ana of AccountIT");
    assertThat(browser.text()).contains("Reader", "linked").doesNotContain("You are signed in as");
    browser.click("Sign in as Ana of AccountIT");
    browser.control("Sign out");
    browser.awaitValue("location.hash", "#/");
    browser.click("Stacks");
    browser.awaitText("Linked");
    assertThat(browser.hasControl("Account")).isFalse();

    browser.navigate(hash);
    browser.awaitText("The sign-in link is not valid: it was used already");
    browser.control("Sign out");
    browser.click("Sign in with a token");
    browser.awaitValue("location.hash", "#/");
    JsonNode events =
        fixture.api().get("/audit?action=SIGN_IN_LINK_USED").requireSuccess().json().path("items");
    assertThat(events).hasSize(1);
    assertThat(events.at("/0/details/name").asText()).isEqualTo("Ana of AccountIT");
  }

  @Test
  void the_audit_log_is_filtered_and_the_filter_is_in_the_address(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("audited", "Audited");
    String webhook =
        fixture.createWebhook(
            "audited", WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/audited"));
    String path = WebUiFixture.pathOf(webhook);
    fixture.api().get(path + "/secret").requireSuccess();
    for (int number = 0; number < 55; number++) {
      fixture.api().patch(path, "{\"name\":\"Name " + number + "\"}").requireSuccess();
    }
    String edit = "{\"endpoint\":\"http://127.0.0.2:9/audited\",\"headers\":{\"X-Key\":\"hush\"}}";
    fixture.api().patch(path, edit).requireSuccess();
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/account/audit?stack=audited");
    browser.awaitText("name: Name 53 → Name 54");
    assertThat(browser.text())
        .contains("endpoint: 127.0.0.1 → 127.0.0.2", "headers: changed")
        .doesNotContain("hush");
    assertThat(browser.control("Name 54").getDomAttribute("href")).isEqualTo(webhook);
    assertThat(browser.text()).doesNotContain("Webhook added", "host: ");

    browser.click("Older");
    browser.awaitText("Webhook added");
    browser.click("Newest");
    browser.type("Filter", "action:SECRET_READ");
    browser.pressKeys(Keys.ENTER);
    browser.awaitValue("document.querySelectorAll('tbody tr').length", "1");
    assertThat(browser.text()).contains("Secret viewed", "first admin");
    browser.awaitValue("location.hash", "#/account/audit?stack=audited&action=SECRET_READ");
    browser.click("Webhook at 127.0.0.1");
    browser.back();
    browser.awaitValue("document.querySelectorAll('tbody tr').length", "1");
  }

  @Test
  void payloads_are_counted_before_they_are_erased(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("erased", "Erased");
    try (Receiver receiver = Receiver.start(0, "a secret that is long enough", _ -> {})) {
      String webhook =
          fixture.createWebhook(
              "erased",
              WebUiFixture.json()
                  .put("endpoint", receiver.url())
                  .put("secret", "a secret that is long enough"));
      fixture.api().startRun("erased", "run-1").requireSuccess();
      fixture.awaitStatus(webhook, "DELIVERED", 1);
    }
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/account/payloads");
    browser.click("Count payloads");
    browser.awaitText("would be erased");
    browser.click("Erase all payloads");
    browser.type("To confirm, type acme", "other");
    browser.click(CONFIRM);
    browser.await(By.cssSelector("dialog .error:not([hidden])"));
    browser.click("Cancel");

    browser.type("Stack", "erased");
    browser.type("Run ID", "run-1");
    browser.click("Erase payloads");
    browser.awaitText("Erase the payloads of run-1?");
    browser.click(CONFIRM);
    browser.awaitText("1 payload erased.");
  }

  @Test
  void operators_see_the_settings_of_the_server_without_secrets(
      WebUiFixture fixture, Browser browser) throws IOException {
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.click("Account");
    browser.click("Server settings");
    browser.awaitText("RUNHOOK_RETRY_SCHEDULE");
    assertThat(rowOf(browser, "RUNHOOK_RETRY_SCHEDULE")).contains("100ms", "environment", "5s,30s");
    assertThat(rowOf(browser, "RUNHOOK_PAUSE_AFTER")).contains("default");
    assertThat(rowOf(browser, "RUNHOOK_ADMIN_TOKEN")).contains("Set", "environment");
    assertThat(rowOf(browser, "RUNHOOK_ENCRYPTION_KEY")).contains("Not set");
    assertThat(browser.text()).doesNotContain(WebUiFixture.ADMIN_TOKEN);
    browser.click("Sign out");

    browser.signIn(fixture.createToken("admin", "one-stack"));
    browser.navigate("#/account/settings");
    browser.awaitText("Only admins who operate the server see its settings.");
  }

  private static String rowOf(Browser browser, String setting) {
    return browser.await(By.xpath("//tr[td/code[normalize-space()='" + setting + "']]")).getText();
  }

  @Test
  void a_session_is_ended(WebUiFixture fixture, Browser browser) throws IOException {
    browser.signIn(fixture.createToken("admin"));
    browser.navigate("#/account/sessions");
    browser.click("End session: Chrome on Linux, admin");

    browser.awaitText("Your session expired. Sign in again.");
  }

  @Test
  void only_administrators_see_the_account(WebUiFixture fixture, Browser browser)
      throws IOException {
    for (String role : new String[] {"reader", "writer"}) {
      browser.signIn(fixture.createToken(role));
      browser.awaitText(role);
      assertThat(browser.hasControl("Account")).isFalse();

      browser.navigate("#/account/tokens");
      browser.awaitText("Not allowed");
      browser.click("Sign out");
      browser.awaitText("You are signed out.");
    }
  }
}
