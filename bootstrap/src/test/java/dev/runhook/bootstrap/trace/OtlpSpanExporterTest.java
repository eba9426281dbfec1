package dev.runhook.bootstrap.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.TraceContext;
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
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Parses the exported spans with OpenTelemetry's own definition of the protocol.
class OtlpSpanExporterTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final TraceContext REPORTED =
      new TraceContext(TRACE, "00f067aa0ba902b7", "01", "vendor=1");
  private static final DeliveryId DELIVERY = new DeliveryId(new UUID(1, 2));
  private static final Outcome DELIVERED = Outcome.Responded.of(204);
  private static final int SAMPLED = 1;
  private static final int TRACE_FLAGS = 0xff;

  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(LoggingSpanExporter.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private volatile CountDownLatch released = new CountDownLatch(0);
  private volatile int status = 200;
  private HttpServer collector;
  private OtlpSpanExporter exporter;

  @BeforeEach
  void open() throws IOException {
    log.start();
    logger.addAppender(log);
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          try (exchange) {
            paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            requests.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            released.await();
            exchange.sendResponseHeaders(status, -1);
          } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
          }
        });
    collector.start();
    exporter = new OtlpSpanExporter(OtlpEndpoint.parse(url()), "1.2.3");
  }

  @AfterEach
  void close() {
    released.countDown();
    exporter.close();
    collector.stop(0);
    logger.detachAppender(log);
  }

  @Test
  void an_attempt_is_a_child_of_the_reported_span_with_the_id_that_the_receiver_got() {
    exporter.onAttempt(
        delivery(Optional.of(REPORTED)), attempt(3, DELIVERED), new Disposition.Delivered());
    exporter.flush();

    assertThat(paths).containsExactly("POST /v1/traces");
    Span span = onlySpan();
    assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
    assertThat(hex(span.getSpanId()))
        .isEqualTo(REPORTED.forAttempt(DELIVERY.value(), 3).parentId());
    assertThat(hex(span.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
    assertThat(span.getName()).isEqualTo("deliver run_state_changed");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(span.getTraceState()).isEqualTo("vendor=1");
    assertThat(span.getFlags() & TRACE_FLAGS).isEqualTo(SAMPLED);
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
  void the_resource_names_the_service_and_its_version() {
    exporter.onAttempt(
        delivery(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    exporter.flush();

    assertThat(
            attributes(requests.getFirst().getResourceSpans(0).getResource().getAttributesList()))
        .isEqualTo(Map.of("service.name", "runhook", "service.version", "1.2.3"));
  }

  @Test
  void a_failed_attempt_is_an_error_with_its_outcome_and_without_text_from_the_receiver() {
    Outcome failed = new Outcome.NoResponse(Outcome.Cause.MALFORMED_RESPONSE, "it said \"canary\"");
    exporter.onLeaseLost(delivery(Optional.of(REPORTED)), attempt(1, failed));
    exporter.flush();

    assertThat(onlySpan().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(onlySpan().getStatus().getMessage()).isEqualTo("MALFORMED_RESPONSE");
    assertThat(attributes(onlySpan().getAttributesList()))
        .containsEntry("error.type", "MALFORMED_RESPONSE")
        .doesNotContainKey("http.response.status_code");
    assertThat(requests.getFirst().toString())
        .doesNotContain("canary")
        .doesNotContain("hush")
        .doesNotContain("payload")
        .doesNotContain("key=");
  }

  @Test
  void attempts_without_a_recorded_trace_are_not_exported() {
    TraceContext unrecorded = new TraceContext(TRACE, "00f067aa0ba902b7", "00", "");
    exporter.onAttempt(
        delivery(Optional.empty()), attempt(1, DELIVERED), new Disposition.Delivered());
    exporter.onAttempt(
        delivery(Optional.of(unrecorded)), attempt(1, DELIVERED), new Disposition.Delivered());
    exporter.flush();

    assertThat(requests).isEmpty();
  }

  @Test
  void many_spans_are_exported_in_several_requests() {
    for (int i = 0; i < 2000; i++) {
      exporter.onAttempt(
          delivery(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    }
    exporter.flush();

    assertThat(requests).hasSizeGreaterThanOrEqualTo(4);
    assertThat(spanCount()).isEqualTo(2000);
  }

  @Test
  void a_hanging_collector_does_not_block_attempts_and_the_buffer_is_bounded() {
    released = new CountDownLatch(1);
    long start = System.nanoTime();
    for (int i = 0; i < 20_000; i++) {
      exporter.onAttempt(
          delivery(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    released.countDown();
    exporter.flush();

    assertThat(duration).isLessThan(Duration.ofSeconds(4)); // the collector takes 5 s
    assertThat(spanCount()).isBetween(8192, 10_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 503})
  void a_rejected_batch_is_lost_and_the_next_one_is_exported(int rejection) {
    status = rejection;
    exporter.onAttempt(
        delivery(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    exporter.flush();
    status = 200;
    exporter.onAttempt(
        delivery(Optional.of(REPORTED)), attempt(2, DELIVERED), new Disposition.Delivered());
    flushUntilLogged(2);

    assertThat(requests).hasSize(2);
    assertThat(messages())
        .containsExactly(
            "span export failed; spans are lost until it works again", "span export works again");
    assertThat(String.valueOf(log.list.getFirst().getKeyValuePairs()))
        .contains("status " + rejection);
  }

  @Test
  void repeated_failures_are_logged_once() {
    collector.stop(0);
    for (int number = 1; number <= 3; number++) {
      exporter.onAttempt(
          delivery(Optional.of(REPORTED)), attempt(number, DELIVERED), new Disposition.Delivered());
      exporter.flush();
    }

    assertThat(messages())
        .containsExactly("span export failed; spans are lost until it works again");
  }

  @Test
  void closing_exports_the_buffered_spans() {
    exporter.onAttempt(
        delivery(Optional.of(REPORTED)), attempt(1, DELIVERED), new Disposition.Delivered());
    exporter.close();

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
  void an_invalid_url_is_rejected_without_quoting_it(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OtlpEndpoint.parse(url))
        .satisfies(rejection -> assertThat(rejection).message().doesNotContain("canary"));
  }

  @Test
  void the_path_of_the_traces_is_optional() {
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

  private List<String> messages() {
    return log.list.stream().map(ILoggingEvent::getMessage).toList();
  }

  private int spanCount() {
    return requests.stream()
        .mapToInt(request -> request.getResourceSpans(0).getScopeSpans(0).getSpansCount())
        .sum();
  }

  private Span onlySpan() {
    assertThat(spanCount()).isOne();
    return requests.getFirst().getResourceSpans(0).getScopeSpans(0).getSpans(0);
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
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

  private static LeasedDelivery delivery(Optional<TraceContext> trace) {
    EventId event = new EventId(new UUID(3, 4));
    Webhook webhook =
        Samples.webhook(
            new WebhookId(new UUID(5, 6)),
            Samples.DEMO,
            Endpoint.ofStored("https://example.com/hush?key=canary"),
            Samples.NOON);
    DeliveryContent content =
        new DeliveryContent(
            event,
            Event.Kind.RUN_STATE_CHANGED,
            Optional.empty(),
            Payload.of("the payload"),
            Optional.empty(),
            trace);
    return new LeasedDelivery(new Lease(DELIVERY, 1, 0), webhook, content);
  }

  /// Flushes until the given number of messages is logged, for at most 10 seconds. A single flush
  /// may return early if the previous one is just ending.
  private void flushUntilLogged(int count) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (messages().size() < count && System.nanoTime() - deadline < 0) {
      exporter.flush();
    }
  }
}
