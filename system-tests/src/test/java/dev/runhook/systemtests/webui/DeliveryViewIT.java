package dev.runhook.systemtests.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a delivery shows, and in which order.
@ExtendWith(SharedBrowserExtension.class)
class DeliveryViewIT {
  private static final String RUN =
      """
      {"id": "run-1", "branch": "main", "commit": {"hash": "0ee3f1c", "message": "It's \\"new\\""}}
      """;

  /// Keeps what is copied, because the clipboard of a headless browser cannot be read.
  private static final String KEEP_COPIED =
      "navigator.clipboard.writeText = async text => (window.copied = text)";

  private record Received(Headers headers, String body) {}

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private HttpServer receiver;

  @BeforeEach
  void startReceiver() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::reject);
    receiver.start();
  }

  @AfterEach
  void stopReceiver() {
    receiver.stop(0);
  }

  /// Responds with a status of its own to each attempt. After 502 to 504, Runhook would wait for a
  /// minute.
  private void reject(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    received.add(new Received(exchange.getRequestHeaders(), body));
    byte[] response = "{\"error\":{\"code\":\"full\"}}".getBytes(UTF_8);
    exchange.sendResponseHeaders(510 + received.size(), response.length);
    exchange.getResponseBody().write(response);
    exchange.close();
  }

  /// Opens the only delivery of a new stack, which has failed.
  private void openFailedDelivery(
      WebUiFixture fixture, Browser browser, String stack, String... retrySchedule)
      throws IOException {
    fixture.putStack(stack, stack);
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hooks";
    ObjectNode json = WebUiFixture.json().put("endpoint", endpoint).put("name", "Chat");
    List.of(retrySchedule).forEach(json.withArray("retrySchedule")::add);
    String webhook = fixture.createWebhook(stack, json);
    fixture.api().post("/stacks/" + stack + "/runs", RUN).requireSuccess();
    String path = WebUiFixture.pathOf(webhook);
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(
            () -> {
              fixture.api().post(path + "/resume", "").requireSuccess(); // failures pause it
              return fixture.api().get(path + "/deliveries?status=FAILED").json().at("/items/0");
            },
            failed -> !failed.isMissingNode());
    String id = fixture.api().get(path + "/deliveries").json().at("/items/0/id").asText();
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook + "/deliveries/" + id);
    browser.awaitText("Why it failed");
  }

  @Test
  void the_response_comes_first_and_the_request_is_collapsed(WebUiFixture fixture, Browser browser)
      throws IOException {
    openFailedDelivery(fixture, browser, "response-first");

    assertThat(browser.text())
        .containsSubsequence("Response", "HTTP 511", "Why it failed", "Request");
    assertThat(browser.text()).contains("{\n  \"error\": {\n    \"code\": \"full\"\n  }\n}");
    assertThat(browser.text()).doesNotContain("\"stateVersion\"");
    browser.click("Request");
    browser.awaitText("\"stateVersion\": 1");
    assertThat(browser.evaluate("document.title"))
        .isEqualTo("Queued · run-1 · Deliveries · Chat · response-first · Runhook");
  }

  @Test
  void each_attempt_has_its_response(WebUiFixture fixture, Browser browser) throws IOException {
    openFailedDelivery(fixture, browser, "two-attempts", "300ms");
    assertThat(browser.control("#2 HTTP 512").getDomAttribute("aria-pressed")).isEqualTo("true");
    browser.awaitText("Attempt 1: HTTP 511");
    browser.awaitText("Waited for the next attempt");
    browser.awaitText("Attempt 2: HTTP 512");

    browser.click("#1 HTTP 511");
    browser.click("Request");

    browser.awaitText("(attempt 1)");
  }

  @Test
  void earlier_attempts_are_loaded_on_request(WebUiFixture fixture, Browser browser)
      throws IOException {
    openFailedDelivery(
        fixture, browser, "earlier", Collections.nCopies(26, "1ms").toArray(String[]::new));
    assertThat(browser.text()).contains("#27 HTTP 537").doesNotContain("#2 HTTP 512");

    browser.click("Earlier attempts");
    browser.click("#1 HTTP 511");

    assertThat(browser.text()).contains("#2 HTTP 512").doesNotContain("Earlier attempts");
  }

  @Test
  void the_copied_command_sends_the_same_request(WebUiFixture fixture, Browser browser)
      throws Exception {
    openFailedDelivery(fixture, browser, "curl");
    browser.evaluate(KEEP_COPIED);

    browser.click("Request");
    browser.click("Copy as curl");
    browser.awaitValue("window.copied?.startsWith('curl ')", "true");
    Process curl =
        new ProcessBuilder("sh", "-c", browser.evaluate("window.copied")).inheritIO().start();

    assertThat(curl.waitFor()).isZero();
    await().atMost(RunhookProcess.TIMEOUT).until(() -> received.size() == 2);
    Received sent = received.getFirst();
    Received copy = received.getLast();
    assertThat(copy.body()).isEqualTo(sent.body());
    assertThat(copy.headers().get("X-Signature-256"))
        .isEqualTo(sent.headers().get("X-Signature-256"));
  }

  @Test
  void the_headers_of_the_response_can_be_copied(WebUiFixture fixture, Browser browser)
      throws IOException {
    openFailedDelivery(fixture, browser, "headers");
    browser.evaluate(KEEP_COPIED);

    browser.click("2 headers");
    browser.click("Copy headers");

    browser.awaitValue("window.copied?.includes('content-length: 25')", "true");
  }
}
