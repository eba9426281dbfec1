package dev.runhook.bootstrap.server;

import dev.runhook.outbound.trace.OtlpSpanExporter;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the spans of attempts sent, once a second and at the end.
final class SpanExportTimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpanExportTimer.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final OtlpSpanExporter spans;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("spans").daemon().factory());

  SpanExportTimer(OtlpSpanExporter spans) {
    this.spans = spans;
  }

  void start() {
    long period = PERIOD.toMillis();
    var _ = timer.scheduleWithFixedDelay(this::export, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdown();
    spans.close();
  }

  private void export() {
    try {
      spans.export();
    } catch (RuntimeException e) {
      LOG.warn("spans could not be sent; going on", e);
    }
  }
}
