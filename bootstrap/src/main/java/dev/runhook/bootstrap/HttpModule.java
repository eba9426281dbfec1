package dev.runhook.bootstrap;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditTrail;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.Dispatcher;
import dev.runhook.application.delivery.Erasure;
import dev.runhook.application.delivery.Retention;
import dev.runhook.application.diagnosis.SignatureDoctor;
import dev.runhook.application.overview.Overview;
import dev.runhook.application.repeat.Repeats;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.bootstrap.metric.Meters;
import dev.runhook.bootstrap.metric.StoreGauges;
import dev.runhook.http.HttpApi;
import dev.runhook.http.RequestObserver;
import dev.runhook.outbound.HttpTransport;
import dev.runhook.outbound.SpanExport;
import dev.runhook.persistence.Bell;
import dev.runhook.persistence.Schema;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

@Module
interface HttpModule {
  @Provides
  @Singleton
  static SwitchableReadiness readiness(Database database) {
    return new SwitchableReadiness(database.pool(), new Schema(database.pool()));
  }

  @Provides
  static HttpApi api(
      Access access,
      SignIn signIn,
      TokenAdmin tokens,
      RunJournal journal,
      WebhookAdmin webhooks,
      Overview overview,
      AuditTrail audit,
      DeliveryAdmin deliveries,
      Erasure erasure,
      SignatureDoctor doctor,
      Repeats repeats,
      SwitchableReadiness readiness,
      Meters meters) {
    var ports =
        new HttpApi.Ports(
            access,
            signIn,
            tokens,
            journal,
            webhooks,
            overview,
            audit,
            deliveries,
            erasure,
            doctor,
            repeats);
    return new HttpApi(ports, readiness).showing(meters);
  }

  @Provides
  @Singleton
  static DispatchLoop loop(Dispatcher dispatcher, DispatchObserver observer) {
    return new DispatchLoop(dispatcher, observer);
  }

  @Provides
  static Parts parts(
      HttpApi api,
      SwitchableReadiness readiness,
      DispatchLoop loop,
      Bell bell,
      Retention retention,
      Repeats repeats,
      Access access,
      HttpTransport transport,
      ExecutorService executor,
      Parts.Watching watching) {
    return new Parts(
        api, readiness, loop, bell, retention, repeats, access, transport, executor, watching);
  }

  @Provides
  static Parts.Watching watching(
      Meters meters, StoreGauges gauges, RequestObserver requests, Optional<SpanExport> spans) {
    return new Parts.Watching(meters, gauges, requests, spans);
  }
}
