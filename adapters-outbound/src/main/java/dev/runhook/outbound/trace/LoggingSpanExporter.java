package dev.runhook.outbound.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs the first of several failed exports in a row, and the next success.
final class LoggingSpanExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpSpanExporter.class);

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
          .addKeyValue("reason", String.valueOf(result.getFailureThrowable()))
          .log("span export failed; spans are lost until it works again");
    }
    lost += count;
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
