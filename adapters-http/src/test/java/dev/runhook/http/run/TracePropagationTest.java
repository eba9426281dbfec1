package dev.runhook.http.run;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.signing.Header;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Deliveries continue the trace of the report that caused them.
class TracePropagationTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void deliveries_continue_the_trace_of_the_report() {
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
  void a_delivery_shows_the_traceparent_that_was_sent() {
    server.send(start().header("traceparent", PARENT)).is(201);
    server.dispatch();

    TestResponse shown = fixture.details();

    assertThat(shown.textAt("/request/headers/traceparent"))
        .isEqualTo(
            values(server.transport.requestsTo(ENDPOINT).getFirst(), "traceparent").getFirst());
  }

  @Test
  void an_invalid_trace_is_ignored() {
    server
        .send(start().header("traceparent", "00-nonsense").header("tracestate", "vendor=1"))
        .is(201);
    server.dispatch();

    SignedRequest sent = server.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(values(sent, "traceparent")).isEmpty();
    assertThat(values(sent, "tracestate")).isEmpty();
  }

  @Test
  void two_traceparents_are_ignored() {
    server.send(start().header("traceparent", PARENT).header("traceparent", PARENT)).is(201);
    server.dispatch();

    assertThat(values(server.transport.requestsTo(ENDPOINT).getFirst(), "traceparent")).isEmpty();
  }

  @Test
  void a_webhook_cannot_set_trace_headers() {
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
