package dev.runhook.http.delivery;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.signing.Header;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("four-buckets")
class DeliveryRoutesTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void a_transition_becomes_a_delivery() {
    fixture.startRun("r1");

    TestResponse list = server.get(fixture.webhook + "/deliveries").isOk();

    assertThat(list.at("/items")).hasSize(1);
    assertThat(list.at("/items/0").properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "id",
            "stack",
            "webhook",
            "event",
            "kind",
            "run",
            "state",
            "stateVersion",
            "previousVersion",
            "status",
            "phase",
            "attemptCount",
            "nextAttemptAt",
            "createdAt",
            "deliveredAt",
            "lastResult",
            "redeliveryOf",
            "resentAs");
    assertThat(list.textAt("/items/0/kind")).isEqualTo("run_state_changed");
    assertThat(list.textAt("/items/0/run")).isEqualTo("r1");
    assertThat(list.textAt("/items/0/state")).isEqualTo("QUEUED");
    assertThat(list.at("/items/0/stateVersion").asLong()).isEqualTo(1);
    assertThat(list.textAt("/items/0/status")).isEqualTo("PENDING");
    assertThat(list.at("/items/0/attemptCount").asInt(-1)).isZero();
    assertThat(list.at("/items/0/deliveredAt").isNull()).isTrue();
    assertThat(list.at("/items/0/lastResult").isNull()).isTrue();
    assertThat(list.at("/items/0/redeliveryOf").isNull()).isTrue();
  }

  @Test
  void a_ping_is_a_delivery_without_a_run() {
    TestResponse ping =
        server.send(server.request("POST", fixture.webhook + "/ping", BodyPublishers.noBody()));

    ping.is(202);
    assertThat(ping.header("Location")).isEqualTo("/api/v1/deliveries/" + ping.textAt("/id"));
    assertThat(ping.textAt("/kind")).isEqualTo("ping");
    for (String unknown : List.of("/run", "/state", "/stateVersion")) {
      assertThat(ping.at(unknown).isNull()).as(unknown).isTrue();
    }
    server.post(fixture.webhook + "/ping", "{}").is(202);
    server.post(fixture.webhook + "/ping", "null").is(202);
    assertThat(
            server
                .post(fixture.webhook + "/ping", "{\"x\":1}")
                .isValidationError("/x")
                .textAt("/errors/0/detail"))
        .isEqualTo("unknown field; this object must be empty");
    server.patch(fixture.webhook, "{\"enabled\":false}").isOk();
    server.post(fixture.webhook + "/ping", "").isProblem(409, "webhook-disabled");
  }

  @Test
  void an_operational_event_is_a_delivery_to_another_webhook_without_a_run() {
    String body = "{\"endpoint\":\"https://alerts.example.com\",\"events\":[\"secret_rotated\"]}";
    String alerts = server.post("/stacks/demo/webhooks", body).is(201).textAt("/id");

    server.post(fixture.webhook + "/secret", "{}").isOk();

    TestResponse list = server.get("/stacks/demo/webhooks/" + alerts + "/deliveries").isOk();
    assertThat(list.at("/items")).hasSize(1);
    assertThat(list.textAt("/items/0/kind")).isEqualTo("secret_rotated");
    assertThat(list.at("/items/0/run").isNull()).isTrue();
    TestResponse details = server.get("/deliveries/" + list.textAt("/items/0/id")).isOk();
    assertThat(details.textAt("/explanation/0/code")).isEqualTo("EVENT_CREATED");
    assertThat(details.textAt("/explanation/0/params/event")).isEqualTo("secret_rotated");
  }

  @Test
  void a_delivery_has_its_request_attempts_and_explanation() {
    ReceiverResponse receiverResponse =
        new ReceiverResponse(
            500,
            List.of(new Header("set-cookie", "a=1"), new Header("set-cookie", "b=2")),
            "Ünfit 👩‍👩‍👧",
            true);
    server.transport.enqueue(ENDPOINT, new Outcome.Responded(receiverResponse, Optional.empty()));
    fixture.startRun("r1");
    server.dispatch();

    String id = fixture.newestDelivery();
    TestResponse details = fixture.details();

    assertThat(details.fields())
        .containsExactly(
            "id",
            "stack",
            "webhook",
            "event",
            "kind",
            "run",
            "state",
            "stateVersion",
            "previousVersion",
            "status",
            "phase",
            "attemptCount",
            "nextAttemptAt",
            "createdAt",
            "deliveredAt",
            "lastResult",
            "redeliveryOf",
            "resentAs",
            "request",
            "attempts",
            "attemptsTruncated",
            "explanation");
    assertThat(details.textAt("/request/body"))
        .isEqualTo(server.transport.requests().getFirst().payload().text());
    assertThat(details.textAt("/request/headers/X-Runhook-Delivery")).isEqualTo(id);
    assertThat(details.textAt("/request/headers/X-Signature-256")).startsWith("sha256=");
    assertThat(details.textAt("/request/headers/X-Key")).isEqualTo("***");
    assertThat(details.at("/attempts")).hasSize(1);
    assertThat(
            details
                .at("/attempts/0")
                .toString()
                .replaceAll("\"startedAt\":\"[^\"]+Z\",\"durationMs\":\\d+", "WHEN"))
        .isEqualTo(
            """
            {"number":1,WHEN,"outcome":"REJECTED","statusCode":500,"error":%s,\
            "responseHeaders":{"set-cookie":"a=1, b=2"},\
            "responseBody":"Ünfit 👩‍👩‍👧","responseTruncated":true,\
            "endpoint":"https://hooks.example.com/in","requestHeaders":%s,"requestBody":null}\
            """
                .formatted(details.at("/attempts/0/error"), details.at("/request/headers")));
    assertThat(details.textAt("/attempts/0/error")).isNotBlank();
    assertThat(details.at("/explanation")).isNotEmpty();
  }

  @Test
  void an_attempt_without_a_response_has_no_response_fields() {
    server.transport.enqueue(
        ENDPOINT, new Outcome.NoResponse(Outcome.Cause.TIMEOUT, "no response within 10 s"));
    fixture.startRun("r1");
    server.dispatch();

    TestResponse details = fixture.details();

    assertThat(details.textAt("/attempts/0/outcome")).isEqualTo("TIMEOUT");
    assertThat(details.textAt("/attempts/0/error")).isEqualTo("no response within 10 s");
    for (String part : List.of("statusCode", "responseHeaders", "responseBody")) {
      assertThat(details.at("/attempts/0/" + part).isNull()).as(part).isTrue();
    }
  }

  @Test
  void all_attempts_of_a_delivery_are_listed_in_pages() {
    fixture.startRun("r1");
    String delivery = "/deliveries/" + fixture.newestDelivery();
    for (int status : List.of(501, 502)) {
      server.post(delivery + "/retry", "").is(202);
      server.transport.enqueue(ENDPOINT, Outcome.Responded.of(status));
      server.dispatch();
    }
    String list = delivery + "/attempts";

    TestResponse latest = server.get(list + "?limit=1").isOk();
    TestResponse first = server.get(list + "?limit=1&after=" + latest.textAt("/next")).isOk();

    assertThat(latest.texts("/items", "statusCode")).containsExactly("502");
    assertThat(first.texts("/items", "statusCode")).containsExactly("501");
    assertThat(first.at("/next").isNull()).isTrue();
    assertThat(first.at("/items/0")).isEqualTo(fixture.details().at("/attempts/0"));
    server.get(list + "?after=eA").isProblem(400, "validation-error");
  }

  @Test
  void a_delivery_with_a_2xx_response_is_delivered() {
    fixture.startRun("r1");
    server.dispatch();

    TestResponse list = server.get(fixture.webhook + "/deliveries?status=DELIVERED").isOk();

    assertThat(list.at("/items")).hasSize(1);
    assertThat(list.textAt("/items/0/deliveredAt")).endsWith("Z");
    assertThat(list.textAt("/items/0/lastResult/outcome")).isEqualTo("DELIVERED");
    assertThat(list.at("/items/0/lastResult/error").isNull()).isTrue();
    assertThat(list.at("/items/0/nextAttemptAt").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=DONE",
        "status=",
        "state=DONE",
        "run=a%20b",
        "from=yesterday",
        "to=2026-01-31T00:00:00",
        "from=2026-01-31T00:00:00+01:00",
        "limit=0",
        "limit=201",
        "limit=1e1",
        "limit=-1",
        "limit=",
        "after=!",
        "after=",
        "after=YQ==",
        "after=_w",
        "colour=red",
        "run=a&run=b"
      })
  void an_invalid_parameter_is_named(String query) {
    TestResponse response =
        server.get(fixture.webhook + "/deliveries?" + query).isProblem(400, "validation-error");

    assertThat(response.texts("/errors", "parameter"))
        .containsExactly(query.substring(0, query.indexOf('=')));
    assertThat(response.at("/errors/0/pointer").isMissingNode()).isTrue();
  }

  @Test
  void a_run_is_explained_for_every_webhook() {
    server
        .post(
            "/stacks/demo/webhooks",
            "{\"endpoint\":\"https://example.com/two\",\"name\":\"Two\",\"states\":[\"FAILED\"]}")
        .is(201);
    fixture.startRun("r1", "READY");
    server.dispatch();

    TestResponse explained = server.get("/stacks/demo/runs/r1/explanation").isOk();

    assertThat(explained.texts("/transitions", "state")).containsExactly("QUEUED", "READY");
    assertThat(explained.texts("/transitions/0/webhooks", "endpoint"))
        .containsExactly(ENDPOINT.text(), "https://example.com/two");
    assertThat(explained.textAt("/transitions/0/webhooks/0/status")).isEqualTo("DELIVERED");
    assertThat(explained.at("/transitions/0/webhooks/0/explanation/0").toString())
        .isEqualTo(
            """
            {"code":"DELIVERED","params":{"number":"1"},"text":"delivered on attempt 1"}\
            """);
    assertThat(explained.at("/transitions/1/webhooks/1/delivery").isNull()).isTrue();
    assertThat(explained.at("/transitions/1/webhooks/1/explanation/0").toString())
        .isEqualTo(
            """
            {"code":"SKIPPED_STATE","params":{"wanted":"FAILED","state":"READY"},\
            "text":"not sent: the webhook wants only the states FAILED, but this is READY"}\
            """);
    server.get("/stacks/demo/runs/r2/explanation").isProblem(404, "no-such-run");
  }

  @Test
  void an_invalid_cursor_is_rejected() {
    fixture.startRun("r1", "READY");

    String cursor =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("made up".getBytes(StandardCharsets.UTF_8));

    server.get(fixture.webhook + "/deliveries?after=" + cursor).isProblem(400, "validation-error");
  }

  @Test
  void an_unknown_or_invisible_delivery_is_not_found() {
    TestResponse ping = fixture.pingOtherStack();
    String delivery = "/deliveries/" + ping.textAt("/id");
    String other = ping.textAt("/webhook");

    server.get("/deliveries/x").isProblem(404, "no-such-delivery");
    server
        .get("/deliveries/00000000-0000-7000-8000-000000000000")
        .isProblem(404, "no-such-delivery");
    server.get(delivery).isOk();
    server.get("/stacks/net/webhooks/" + other).isOk();
    for (String token : List.of(TestServer.STACK_ADMIN, TestServer.OTHER_ACCOUNT)) {
      server.getAs(token, delivery).isProblem(404, "no-such-delivery");
      server.getAs(token, delivery + "/attempts").isProblem(404, "no-such-delivery");
    }
    server.get("/stacks/demo/webhooks/" + other + "/deliveries").isProblem(404, "no-such-webhook");
    server.post("/stacks/demo/webhooks/" + other + "/ping", "").isProblem(404, "no-such-webhook");
  }
}
