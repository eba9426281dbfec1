package dev.runhook.bootstrap.wiring;

import dev.runhook.application.access.Access;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.retention.Retention;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.ServerReadiness;
import dev.runhook.bootstrap.observe.StoreGauges;
import dev.runhook.bootstrap.server.DispatchLoop;
import dev.runhook.http.server.HttpApi;
import dev.runhook.http.server.RequestObserver;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.trace.OtlpSpanExporter;
import dev.runhook.persistence.notify.PgNotifier;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// What a server starts and stops.
public record ServerParts(
    HttpApi api,
    ServerReadiness readiness,
    DispatchLoop loop,
    PgNotifier notifier,
    Retention retention,
    IdempotentRequests idempotentRequests,
    Access access,
    HttpTransport transport,
    ExecutorService executor,
    Observability observability) {

  /// What observes the others.
  public record Observability(
      PrometheusMetrics metrics,
      StoreGauges gauges,
      RequestObserver requestObserver,
      Optional<OtlpSpanExporter> spans) {}
}
