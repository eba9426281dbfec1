package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.diagnosis.SignatureDiagnoser;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.retention.Retention;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.ServerReadiness;
import dev.runhook.bootstrap.observe.StoreGauges;
import dev.runhook.bootstrap.server.DispatchLoop;
import dev.runhook.http.server.HttpApi;
import dev.runhook.http.server.RequestObserver;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.trace.OtlpSpanExporter;
import dev.runhook.persistence.notify.PgNotifier;
import dev.runhook.persistence.schema.Schema;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

@Module
interface HttpModule {
  @Provides
  @Singleton
  static ServerReadiness readiness(Database database) {
    return new ServerReadiness(
        database.requestDataSource(), new Schema(database.requestDataSource()));
  }

  @Provides
  static HttpApi api(
      Access access,
      SignIn signIn,
      TokenAdmin tokens,
      RunJournal journal,
      WebhookAdmin webhooks,
      Stats stats,
      AuditLog audit,
      DeliveryAdmin deliveries,
      PayloadErasure payloadErasure,
      SignatureDiagnoser doctor,
      IdempotentRequests idempotentRequests,
      ServerReadiness readiness,
      PrometheusMetrics prometheusMetrics) {
    var ports =
        new HttpApi.Ports(
            access,
            signIn,
            tokens,
            journal,
            webhooks,
            stats,
            audit,
            deliveries,
            payloadErasure,
            doctor,
            idempotentRequests);
    return new HttpApi(ports, readiness).withMetrics(prometheusMetrics);
  }

  @Provides
  @Singleton
  static DispatchLoop loop(Dispatcher dispatcher, DispatchObserver observer) {
    return new DispatchLoop(dispatcher, observer);
  }

  @Provides
  static ServerParts parts(
      HttpApi api,
      ServerReadiness readiness,
      DispatchLoop loop,
      PgNotifier pgNotifier,
      Retention retention,
      IdempotentRequests idempotentRequests,
      Access access,
      HttpTransport transport,
      ExecutorService executor,
      ServerParts.Observability observability) {
    return new ServerParts(
        api,
        readiness,
        loop,
        pgNotifier,
        retention,
        idempotentRequests,
        access,
        transport,
        executor,
        observability);
  }

  @Provides
  static ServerParts.Observability observability(
      PrometheusMetrics prometheusMetrics,
      StoreGauges gauges,
      RequestObserver requests,
      Optional<OtlpSpanExporter> spans) {
    return new ServerParts.Observability(prometheusMetrics, gauges, requests, spans);
  }
}
