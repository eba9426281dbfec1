package dev.runhook.systemtests.webui;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.DeliveryResponse;
import dev.runhook.diagnosis.receiver.ReceivedDelivery;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.diagnosis.receiver.ReceiverBehavior;
import dev.runhook.domain.event.Payload;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// The web UI helps to set up the receiver of a webhook.
@ExtendWith(SharedBrowserExtension.class)
class ReceiverSetupIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By CODE = By.cssSelector("pre.payload");
  private static final By COMMAND = By.cssSelector("rh-receiver .curl pre");
  private static final String LAST_RESULT =
      "[...document.querySelectorAll('rh-receiver-checks .badge')].at(-1)?.innerText";
  private static final By CHECK = By.cssSelector("rh-receiver rh-form button[type=submit]");

  @Test
  void after_a_webhook_is_added_a_test_event_shows_whether_it_arrives(
      WebUiFixture fixture, Browser browser) throws Exception {
    fixture.putStack("setup", "Setup");
    BlockingQueue<ReceivedDelivery> deliveries = new LinkedBlockingQueue<>();
    try (Receiver receiver = Receiver.start(0, SECRET, deliveries::add)) {
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.navigate("#/stacks/setup/settings/integrations/new");
      browser.type("Endpoint", receiver.url());
      browser.type("Secret", SECRET);
      browser.click("Add webhook");
      browser.awaitText("Webhook added");

      browser.click("Send test event");
      browser.awaitText("204 delivered");
      ReceivedDelivery delivery =
          requireNonNull(deliveries.poll(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS));
      assertThat(delivery.body()).contains("\"event\":\"ping\"");

      browser.click(By.xpath("//select[@name='state']/option[.='Failed']"));
      browser.click("Send test event");
      ReceivedDelivery sample =
          requireNonNull(deliveries.poll(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS));
      assertThat(sample.body()).contains("\"state\":\"FAILED\"");
      browser.awaitText("204 delivered");
      browser.click("View delivery");
      browser.awaitText("Test event");
      browser.click("Deliveries");
      browser.awaitText("Ping");
      assertThat(browser.text()).contains("Test event");
      browser.back();
      browser.back();

      browser.type("Signature", "sha256=" + "0".repeat(64));
      browser.type("Body", delivery.body());
      browser.click(CHECK);
      browser.awaitText("no known mistake leads to this signature");
      browser.type("Signature", "not a signature");
      browser.click(CHECK);
      browser.awaitText("The given value is not a signature");
    }
  }

  @Test
  void the_checks_of_a_receiver_say_whether_it_refuses_forged_requests(
      WebUiFixture fixture, Browser browser) throws Exception {
    fixture.putStack("checks", "Checks");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    ReceiverBehavior careless = _ -> new DeliveryResponse(204, Map.of(), Payload.of(""), "");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {});
        Receiver other = Receiver.startWith(Receiver.loopback(0), SECRET, careless, () -> {})) {
      browser.navigate(receiverView(fixture, receiver));
      browser.awaitText("Not checked");
      browser.click("Check the receiver");
      browser.awaitValue(LAST_RESULT, "Passed");
      assertThat(results(browser)).hasSize(5).startsWith("Passed", "Skipped", "Passed");

      browser.navigate(receiverView(fixture, other));
      browser.click("Check the receiver");
      browser.awaitText("Your receiver accepts forged requests; require that");
      assertThat(results(browser)).endsWith("Failed");
    }
  }

  private static String receiverView(WebUiFixture fixture, Receiver receiver) throws IOException {
    ObjectNode webhook = WebUiFixture.json().put("endpoint", receiver.url()).put("secret", SECRET);
    return fixture.createWebhook("checks", webhook) + "/receiver";
  }

  private static List<String> results(Browser browser) {
    return browser.findAll("rh-receiver-checks .badge").stream().map(WebElement::getText).toList();
  }

  @Test
  void the_url_of_a_service_chooses_its_format(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("services", "Services");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/stacks/services/settings/integrations/new");

    browser.type("Endpoint", "https://hooks.slack.com/services/T0/B0/x");
    browser.awaitText("Fits the URL.");
    assertThat(browser.field("Format").getDomProperty("value")).isEqualTo("slack");
    browser.click(By.cssSelector("select[name=format] option[value=runhook]"));
    browser.awaitText("This URL usually expects: Slack message.");
    browser.type("Endpoint", "https://events.pagerduty.com/v2/enqueue");
    browser.awaitText("Integration key");
    assertThat(browser.field("Format").getDomProperty("value")).isEqualTo("pagerduty");
  }

  @Test
  void the_signature_check_names_the_mistake(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("checked", "Checked");
    String webhook =
        fixture.createWebhook(
            "checked",
            WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/c").put("secret", SECRET));
    browser.signIn(fixture.createToken("reader"));
    browser.navigate(webhook + "/receiver");
    assertThat(browser.hasControl("Send test event")).isFalse();

    browser.type(
        "Signature", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    browser.type("Body", "Hello, World!");
    browser.click(CHECK);
    browser.awaitText("The signature is valid.");
    browser.type("Body", "Hello, World!\n");
    browser.click(CHECK);
    browser.awaitText("does not have the line break at the end of the given body");
  }

  @Test
  void the_command_of_a_program_gets_the_secret_only_on_request(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("code", "Code");
    String webhook =
        fixture.createWebhook(
            "code",
            WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/code").put("secret", SECRET));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate(webhook + "/receiver");
    for (String language : new String[] {"Java", "Node", "Python", "Go", "PHP"}) {
      browser.click(language);
      assertThat(browser.await(CODE).getText()).as(language).contains("verifies", "whsec_…");
      assertThat(browser.await(COMMAND).getText()).startsWith("RUNHOOK_SECRET='whsec_…' ");
    }
    assertThat(secretReads(fixture)).isZero();

    browser.click("Insert the secret");
    browser.awaitText(
        "RUNHOOK_SECRET='It'\\''s a Secret to Everybody' php -S 0.0.0.0:3000 receiver.php");
    assertThat(secretReads(fixture)).isEqualTo(1);
  }

  private static int secretReads(WebUiFixture fixture) throws IOException {
    return fixture
        .api()
        .get("/audit?stack=code&action=SECRET_READ")
        .requireSuccess()
        .json()
        .path("items")
        .size();
  }

  @Test
  void the_programs_are_those_of_the_documentation() throws IOException {
    Path code =
        Path.of("..", "adapters-http/src/main/resources/dev/runhook/http/webui/text/receivers.md");

    assertThat(Files.readString(Path.of("..", "examples", "receivers.md")))
        .contains(Files.readString(code));
  }
}
