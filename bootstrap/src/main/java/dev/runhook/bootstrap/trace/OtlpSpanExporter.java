package dev.runhook.bootstrap.trace;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.outbound.HttpClientProperties;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.export.ProxyOptions;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Exports a span for each attempt whose event was reported in a recorded trace. The span is a
/// child of the reported span, and the receiver gets its id in `traceparent`. Spans contain the
/// host and port of the endpoint, but no payload and no header.
///
/// Spans are buffered in memory and exported once a second. Deliveries never wait for the
/// collector: a full buffer or an unreachable collector only loses spans. Thread-safe.
public final class OtlpSpanExporter implements DispatchObserver, AutoCloseable {
  private static final int MAX_BUFFERED = 8192;
  private static final int BATCH_SIZE = 512;
  private static final Duration EXPORT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /// @param version the value of `service.version`
  public OtlpSpanExporter(OtlpEndpoint endpoint, String version) {
    HttpClientProperties.set(); // the exporter may create the first HTTP client of the JVM
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.tracesUri().toString())
            .setTimeout(TIMEOUT)
            .setConnectTimeout(TIMEOUT)
            .setRetryPolicy(null)
            .setProxy(ProxyOptions.create(ProxySelector.of(null)))
            .setMeterProvider(MeterProvider.noop())
            .build();
    this.provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.builder()
                        .put("service.name", "runhook")
                        .put("service.version", version)
                        .build()))
            .setIdGenerator(new FixedSpanId())
            .addSpanProcessor(
                BatchSpanProcessor.builder(new LoggingSpanExporter(exporter, endpoint))
                    .setMaxQueueSize(MAX_BUFFERED)
                    .setMaxExportBatchSize(BATCH_SIZE)
                    .setScheduleDelay(EXPORT_INTERVAL)
                    .setExporterTimeout(TIMEOUT)
                    .setMeterProvider(MeterProvider.noop())
                    .build())
            .build();
    this.tracer = provider.get("dev.runhook");
  }

  @Override
  public void onAttempt(LeasedDelivery delivery, Attempt attempt, Disposition disposition) {
    record(delivery, attempt);
  }

  @Override
  public void onLeaseLost(LeasedDelivery delivery, Attempt attempt) {
    record(delivery, attempt);
  }

  private void record(LeasedDelivery delivery, Attempt attempt) {
    delivery.content().trace().ifPresent(reported -> record(reported, delivery, attempt));
  }

  private void record(TraceContext reported, LeasedDelivery delivery, Attempt attempt) {
    Context parent = context(reported);
    if (!Span.fromContext(parent).getSpanContext().isSampled()) {
      return;
    }
    String spanId =
        reported.forAttempt(delivery.lease().delivery().value(), attempt.number()).parentId();
    Span span =
        FixedSpanId.call(
            spanId,
            tracer
                    .spanBuilder("deliver " + delivery.content().kind().wireName())
                    .setParent(parent)
                    .setSpanKind(SpanKind.CLIENT)
                    .setStartTimestamp(attempt.startedAt())
                    .setAllAttributes(attributes(delivery, attempt))
                ::startSpan);
    if (!attempt.outcome().isDelivered()) {
      span.setStatus(StatusCode.ERROR, attempt.outcome().code().name());
    }
    span.end(attempt.startedAt().plus(attempt.duration()));
  }

  private static Context context(TraceContext reported) {
    Map<String, String> headers =
        Map.of("traceparent", reported.traceparent(), "tracestate", reported.tracestate());
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), headers, HeaderGetter.INSTANCE);
  }

  /// Returns attributes named by the semantic conventions for HTTP clients, and Runhook's ids.
  private static Attributes attributes(LeasedDelivery delivery, Attempt attempt) {
    URI endpoint = delivery.webhook().settings().endpoint().uri();
    AttributesBuilder attributes =
        Attributes.builder()
            .put("http.request.method", "POST")
            .put("http.request.resend_count", attempt.number() - 1)
            .put("server.address", endpoint.getHost())
            .put("server.port", port(endpoint))
            .put("runhook.delivery", delivery.lease().delivery().toString())
            .put("runhook.event", delivery.content().event().toString())
            .put("runhook.webhook", delivery.webhook().id().toString())
            .put("runhook.stack", delivery.webhook().stack().toString());
    if (attempt.outcome() instanceof Outcome.Responded(var response, var ignored)) {
      attributes.put("http.response.status_code", response.status());
    }
    if (!attempt.outcome().isDelivered()) {
      attributes.put("error.type", attempt.outcome().code().name());
    }
    return attributes.build();
  }

  private static long port(URI endpoint) {
    int defaultPort = "https".equalsIgnoreCase(endpoint.getScheme()) ? 443 : 80;
    return endpoint.getPort() > 0 ? endpoint.getPort() : defaultPort;
  }

  /// Exports the buffered spans now. Waits at most five seconds.
  void flush() {
    provider.forceFlush().join(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Exports the buffered spans and closes the connections. Waits at most five seconds.
  @Override
  public void close() {
    provider.shutdown().join(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Gives a span the id that the receiver has already received, instead of a random one.
  private static final class FixedSpanId implements IdGenerator {
    private static final ThreadLocal<String> SPAN_ID = new ThreadLocal<>();

    static Span call(String spanId, Supplier<Span> startSpan) {
      SPAN_ID.set(spanId);
      try {
        return startSpan.get();
      } finally {
        SPAN_ID.remove();
      }
    }

    @Override
    public String generateSpanId() {
      return SPAN_ID.get();
    }

    @Override
    public String generateTraceId() {
      throw new IllegalStateException("every span has a parent");
    }
  }

  private enum HeaderGetter implements TextMapGetter<Map<String, String>> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Map<String, String> headers) {
      return headers.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> headers, String key) {
      return headers == null ? null : headers.get(key);
    }
  }
}
