package dev.runhook.outbound.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.Samples;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against OpenTelemetry's own definition of what a collector takes, which knows no field but its
/// own. It reads ids as base64, whose alphabet has all hexadecimal digits; as text they are looked
/// at by themselves.
class OtlpSpanExporterTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final TraceContext REPORTED =
      new TraceContext(TRACE, "00f067aa0ba902b7", "01", "vendor=1");
  private static final DeliveryId DELIVERY = new DeliveryId(new UUID(1, 2));
  private static final Outcome DELIVERED = Outcome.Responded.of(204);

  private final List<String> requests = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private int status = 200;
  private HttpServer collector;
  private OtlpSpanExporter export;

  @BeforeEach
  void open() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          try (exchange) {
            paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            requests.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status, -1);
          }
        });
    collector.start();
    export = new OtlpSpanExporter(OtlpEndpoint.parse(url()), "1.2.3");
  }

  @AfterEach
  void close() {
    export.close();
    collector.stop(0);
  }

  @Test
  void an_attempt_is_a_span_below_the_report_with_the_id_that_the_receiver_got() throws Exception {
    export.onAttempt(
        parcel(Optional.of(REPORTED)), attempt(3, DELIVERED), new Disposition.Delivered());

    assertThat(export.export()).isOne();

    assertThat(paths).containsExactly("POST /v1/traces");
    TraceContext sent = REPORTED.forAttempt(DELIVERY.value(), 3);
    assertThat(requests.getFirst())
        .contains("\"traceId\":\"" + TRACE + "\"")
        .contains("\"spanId\":\"" + sent.parentId() + "\"")
        .contains("\"parentSpanId\":\"00f067aa0ba902b7\"");
    Span span = onlySpan();
    assertThat(span.getName()).isEqualTo("deliver run_state_changed");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(span.getTraceState()).isEqualTo("vendor=1");
    assertThat(span.getFlags()).isOne();
    assertThat(span.getStartTimeUnixNano()).isEqualTo(1_773_489_600_000_000_000L);
    assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(20_000_000);
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
    assertThat(attributes(span.getAttributesList()))
        .containsEntry("http.response.status_code", "204")
        .containsEntry("http.request.resend_count", "2")
        .containsEntry("server.address", "example.com")
        .containsEntry("server.port", "443")
        .containsEntry("runhook.delivery", DELIVERY.toString())
        .containsEntry("runhook.stack", "acme/demo")
        .doesNotContainKey("error.type");
  }

  @Test
  void the_resource_says_who_it_was() throws Exception {
    export.onAttempt(
        parcel(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    export.export();

    assertThat(attributes(request().getResourceSpans(0).getResource().getAttributesList()))
        .isEqualTo(Map.of("service.name", "runhook", "service.version", "1.2.3"));
  }

  @Test
  void a_failure_is_an_error_with_its_outcome_and_nothing_that_a_receiver_said() throws Exception {
    Outcome failed = new Outcome.NoResponse(Outcome.Cause.MALFORMED_RESPONSE, "it said \"canary\"");
    export.onLeaseLost(parcel(Optional.of(REPORTED)), attempt(1, failed));
    export.export();

    assertThat(onlySpan().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(attributes(onlySpan().getAttributesList()))
        .containsEntry("error.type", "MALFORMED_RESPONSE")
        .doesNotContainKey("http.response.status_code");
    assertThat(requests.getFirst())
        .doesNotContain("canary")
        .doesNotContain("hush")
        .doesNotContain("payload")
        .doesNotContain("key=");
  }

  @Test
  void nobody_is_told_of_what_is_not_traced_or_not_recorded() {
    TraceContext unrecorded = new TraceContext(TRACE, "00f067aa0ba902b7", "00", "");
    export.onAttempt(parcel(Optional.empty()), attempt(1, DELIVERED), new Disposition.Delivered());
    export.onAttempt(
        parcel(Optional.of(unrecorded)), attempt(1, DELIVERED), new Disposition.Delivered());

    assertThat(export.export()).isZero();
    assertThat(requests).isEmpty();
  }

  @Test
  void many_go_in_several_requests_and_what_has_no_room_is_dropped() throws Exception {
    for (int i = 0; i < 9000; i++) {
      export.onAttempt(
          parcel(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    }

    assertThat(export.export()).isEqualTo(8192);
    assertThat(requests).hasSize(16);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 503})
  void what_a_collector_does_not_take_is_lost_and_the_next_goes_on(int refusal) {
    status = refusal;
    export.onAttempt(
        parcel(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    assertThat(export.export()).isZero();

    status = 200;
    export.onAttempt(
        parcel(Optional.of(REPORTED)), attempt(2, DELIVERED), new Disposition.Delivered());
    assertThat(export.export()).isOne();
    assertThat(requests).hasSize(2);
  }

  @Test
  void a_collector_that_is_away_harms_nobody() {
    collector.stop(0);
    export.onAttempt(
        parcel(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());

    assertThat(export.export()).isZero();
  }

  @Test
  void what_was_noted_is_sent_at_the_end() {
    export.onAttempt(
        parcel(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    export.close();

    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "collector:4318",
        "ftp://collector",
        "http://user:canary@collector:4318",
        "http://collector?key=canary",
        "http://collector:0",
        "http://collector:70000",
        "http://a b"
      })
  void a_url_that_is_no_collector_is_refused_without_quoting_it(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OtlpEndpoint.parse(url))
        .satisfies(refusal -> assertThat(refusal).message().doesNotContain("canary"));
  }

  @Test
  void the_path_of_traces_may_be_given_or_left_out() {
    assertThat(OtlpEndpoint.parse("http://c:4318").tracesUri())
        .hasToString("http://c:4318/v1/traces");
    assertThat(OtlpEndpoint.parse("http://c/otel/").tracesUri())
        .hasToString("http://c/otel/v1/traces");
    assertThat(OtlpEndpoint.parse("https://c/v1/traces").tracesUri())
        .hasToString("https://c/v1/traces");
  }

  private String url() {
    return "http://127.0.0.1:" + collector.getAddress().getPort();
  }

  private ExportTraceServiceRequest request() throws IOException {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    JsonFormat.parser().merge(requests.getFirst(), request);
    return request.build();
  }

  private Span onlySpan() throws IOException {
    assertThat(request().getResourceSpans(0).getScopeSpans(0).getSpansList()).hasSize(1);
    return request().getResourceSpans(0).getScopeSpans(0).getSpans(0);
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, pair -> text(pair.getValue())));
  }

  private static String text(AnyValue value) {
    return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
  }

  private static Attempt attempt(int number, Outcome outcome) {
    return new Attempt(number, Samples.NOON, Duration.ofMillis(20), outcome);
  }

  private static LeasedDelivery parcel(Optional<TraceContext> trace) {
    EventId event = new EventId(new UUID(3, 4));
    Webhook webhook =
        Samples.webhook(
            new WebhookId(new UUID(5, 6)),
            Samples.DEMO,
            Endpoint.ofStored("https://example.com/hush?key=canary"),
            Samples.NOON);
    DeliveryContent deliveryContent =
        new DeliveryContent(
            event,
            Event.Kind.RUN_STATE_CHANGED,
            Optional.empty(),
            Payload.of("the payload"),
            Optional.empty(),
            trace);
    return new LeasedDelivery(new Lease(DELIVERY, 1, 0), webhook, deliveryContent);
  }
}
