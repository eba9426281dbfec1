package dev.runhook.bootstrap;

import dev.runhook.application.access.Access;
import dev.runhook.application.delivery.Retention;
import dev.runhook.application.repeat.Repeats;
import dev.runhook.bootstrap.metric.Meters;
import dev.runhook.bootstrap.metric.StoreGauges;
import dev.runhook.http.HttpApi;
import dev.runhook.http.RequestObserver;
import dev.runhook.outbound.HttpTransport;
import dev.runhook.outbound.SpanExport;
import dev.runhook.persistence.Bell;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// What a server starts and stops.
record Parts(
    HttpApi api,
    SwitchableReadiness readiness,
    DispatchLoop loop,
    Bell bell,
    Retention retention,
    Repeats repeats,
    Access access,
    HttpTransport transport,
    ExecutorService executor,
    Watching watching) {

  /// What observes the others.
  record Watching(
      Meters meters, StoreGauges gauges, RequestObserver requests, Optional<SpanExport> spans) {}
}
