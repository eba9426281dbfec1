package dev.runhook.bootstrap.wiring;

import dagger.BindsInstance;
import dagger.Component;
import dev.runhook.application.access.Access;
import dev.runhook.bootstrap.database.Databases;
import dev.runhook.bootstrap.observe.DatabaseMonitor;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.ServerReadiness;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.trace.OtlpSpanExporter;
import dev.runhook.embedded.Engine;
import dev.runhook.embedded.EngineThreads;
import dev.runhook.embedded.StoreGauges;
import dev.runhook.http.server.HttpApi;
import dev.runhook.http.server.RequestObserver;
import dev.runhook.outbound.http.HttpTransport;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/// The parts of a server. Each part exists once.
@Singleton
@Component(modules = ServerModule.class)
public interface ServerComponent {
  HttpApi api();

  RequestObserver requestObserver();

  ServerReadiness readiness();

  Access access();

  Engine engine();

  HttpTransport transport();

  EngineThreads threads();

  PrometheusMetrics metrics();

  List<StoreGauges> storeGauges();

  List<DatabaseMonitor> databaseMonitors();

  Optional<OtlpSpanExporter> spanExporter();

  @Component.Factory
  interface Factory {
    ServerComponent create(
        @BindsInstance Settings settings,
        @BindsInstance Databases databases,
        @BindsInstance AdminToken adminToken);
  }
}
