package dev.runhook.http.run;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.SignedRequest;
import dev.runhook.domain.signing.Header;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The place in a trace that a report comes with goes along with its deliveries.
class TracePropagationTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @AutoClose private final DeliveryFixture scene = new DeliveryFixture();
  private final TestServer server = scene.server;

  @Test
  void starts_and_transitions_are_delivered_in_the_trace_they_were_reported_in() {
    server
        .send(
            start()
                .header("traceparent", PARENT)
                .header("tracestate", "vendor=1")
                .header("tracestate", "other=2"))
        .is(201);
    server
        .send(
            server
                .request(
                    "POST",
                    "/stacks/demo/runs/r1/transitions",
                    BodyPublishers.ofString("{\"state\":\"PREPARING\"}"))
                .header("traceparent", PARENT.replace("-01", "-00")))
        .is(201);
    server.dispatch();
    server.dispatch();

    List<SignedRequest> sent = server.transport.requestsTo(ENDPOINT);
    assertThat(sent).hasSize(2);
    assertThat(values(sent.getFirst(), "traceparent"))
        .singleElement()
        .asString()
        .matches("00-" + TRACE + "-[0-9a-f]{16}-01")
        .isNotEqualTo(PARENT);
    assertThat(values(sent.getFirst(), "tracestate")).containsExactly("vendor=1,other=2");
    assertThat(values(sent.getLast(), "traceparent"))
        .singleElement()
        .asString()
        .matches("00-" + TRACE + "-[0-9a-f]{16}-00")
        .isNotEqualTo(values(sent.getFirst(), "traceparent").getFirst());
    assertThat(values(sent.getLast(), "tracestate")).isEmpty();
  }

  @Test
  void a_delivery_shows_the_span_that_was_sent() {
    server.send(start().header("traceparent", PARENT)).is(201);
    server.dispatch();

    TestResponse shown = scene.details();

    assertThat(shown.textAt("/request/headers/traceparent"))
        .isEqualTo(
            values(server.transport.requestsTo(ENDPOINT).getFirst(), "traceparent").getFirst());
  }

  @Test
  void a_bad_trace_is_no_reason_to_refuse_a_report_and_is_not_passed_on() {
    server
        .send(start().header("traceparent", "00-nonsense").header("tracestate", "vendor=1"))
        .is(201);
    server.dispatch();

    SignedRequest sent = server.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(values(sent, "traceparent")).isEmpty();
    assertThat(values(sent, "tracestate")).isEmpty();
  }

  @Test
  void two_parents_are_none() {
    server.send(start().header("traceparent", PARENT).header("traceparent", PARENT)).is(201);
    server.dispatch();

    assertThat(values(server.transport.requestsTo(ENDPOINT).getFirst(), "traceparent")).isEmpty();
  }

  @Test
  void a_webhook_has_no_such_headers_of_its_own() {
    server
        .post(
            "/stacks/demo/webhooks",
            "{\"endpoint\":\"https://hooks.example.com/other\",\"headers\":{\"TraceParent\":\"x\"}}")
        .is(400);
  }

  private HttpRequest.Builder start() {
    return server.request(
        "POST",
        "/stacks/demo/runs",
        BodyPublishers.ofString("{\"id\":\"r1\",\"branch\":\"main\",\"commit\":{\"hash\":\"h\"}}"));
  }

  private static List<String> values(SignedRequest request, String name) {
    return request.headers().stream()
        .filter(header -> header.name().equals(name))
        .map(Header::value)
        .toList();
  }
}
