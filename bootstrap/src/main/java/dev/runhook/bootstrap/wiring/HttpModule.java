package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.diagnosis.SignatureDiagnoser;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.ServerReadiness;
import dev.runhook.http.server.HttpApi;
import dev.runhook.persistence.schema.Schema;
import jakarta.inject.Singleton;

@Module
interface HttpModule {
  @Provides
  @Singleton
  static ServerReadiness readiness(Database database) {
    return new ServerReadiness(
        database.requestDataSource(), new Schema(database.requestDataSource()));
  }

  @Provides
  @Singleton
  static HttpApi api(
      Access access,
      SignIn signIn,
      TokenAdmin tokens,
      RunJournal journal,
      WebhookAdmin webhooks,
      Stats stats,
      AuditLog audit,
      DeliveryAdmin deliveries,
      PayloadErasure erasure,
      SignatureDiagnoser diagnoser,
      IdempotentRequests idempotentRequests,
      ServerReadiness readiness,
      PrometheusMetrics metrics) {
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
            erasure,
            diagnoser,
            idempotentRequests);
    return new HttpApi(ports, readiness).withMetrics(metrics);
  }
}
