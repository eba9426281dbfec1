package dev.runhook.bootstrap.trace;

import dev.runhook.outbound.CauseChain;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs the first of several failed exports in a row, and the next success.
final class LoggingSpanExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(LoggingSpanExporter.class);

  private final SpanExporter exporter;
  private final OtlpEndpoint endpoint;
  private int lost; // guarded by this

  LoggingSpanExporter(SpanExporter exporter, OtlpEndpoint endpoint) {
    this.exporter = exporter;
    this.endpoint = endpoint;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    int count = spans.size(); // the collection is reused after the export
    return result.whenComplete(() -> log(result, count));
  }

  private synchronized void log(CompletableResultCode result, int count) {
    if (result.isSuccess()) {
      if (lost > 0) {
        LOG.atInfo()
            .addKeyValue("endpoint", endpoint)
            .addKeyValue("lostSpans", lost)
            .log("span export works again");
      }
      lost = 0;
      return;
    }
    if (lost == 0) {
      LOG.atWarn()
          .addKeyValue("endpoint", endpoint)
          .addKeyValue("reason", reason(result.getFailureThrowable()))
          .log("span export failed; spans are lost until it works again");
    }
    lost += count;
  }

  /// Returns the status of the response, or the innermost cause if there was no response.
  private static String reason(@Nullable Throwable failure) {
    if (failure instanceof HttpExportException http && http.failedWithResponse()) {
      return "status " + Objects.requireNonNull(http.getResponse()).statusCode();
    }
    return new CauseChain(Objects.requireNonNullElseGet(failure, TimeoutException::new))
        .stream().reduce((ignored, cause) -> cause).map(String::valueOf).orElse("");
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
