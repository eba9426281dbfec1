package dev.runhook.bootstrap.wiring;

import dagger.BindsInstance;
import dagger.Component;
import dev.runhook.application.access.Access;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.outbox.LagMonitor;
import dev.runhook.application.retention.Retention;
import dev.runhook.application.retention.StackPurge;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.bootstrap.database.Databases;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.ReplicationMonitor;
import dev.runhook.bootstrap.observe.ServerReadiness;
import dev.runhook.bootstrap.observe.StoreGauges;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.http.server.HttpApi;
import dev.runhook.http.server.RequestObserver;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.trace.OtlpSpanExporter;
import dev.runhook.persistence.PgNotifier;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// The parts of a server. Each part exists once.
@Singleton
@Component(modules = ServerModule.class)
public interface ServerComponent {
  HttpApi api();

  RequestObserver requestObserver();

  ServerReadiness readiness();

  Access access();

  IdempotentRequests idempotentRequests();

  Retention retention();

  StackPurge stackPurge();

  AccountWebhookAdmin accountWebhooks();

  Dispatcher dispatcher();

  LagMonitor lagMonitor();

  DispatchObserver dispatchObserver();

  PgNotifier notifier();

  HttpTransport transport();

  ExecutorService executor();

  @Named(ServerModule.TRANSACTIONS)
  ExecutorService transactions();

  PrometheusMetrics metrics();

  StoreGauges storeGauges();

  ReplicationMonitor replication();

  Optional<OtlpSpanExporter> spanExporter();

  @Component.Factory
  interface Factory {
    ServerComponent create(
        @BindsInstance Settings settings,
        @BindsInstance Databases databases,
        @BindsInstance AdminToken adminToken);
  }
}
