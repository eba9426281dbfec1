package dev.runhook.bootstrap.cli;

import static dev.runhook.testkit.Samples.ACME;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.stats.Stats;
import dev.runhook.diagnosis.DiagnosisJson;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.embedded.Runhook;
import dev.runhook.http.server.HttpApi;
import dev.runhook.http.server.HttpPart;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.postgres.TemplateDatabase;
import dev.runhook.testkit.postgres.TestDatabase;
import io.javalin.Javalin;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The API on a free port with the real use cases on an empty PostgreSQL database. Deliveries are
/// sent by [#dispatch].
final class ServerFixture implements AutoCloseable {
  static final String ADMIN = "admin-of-acme-0123456789abcdef";
  static final String READER = "reader-of-acme-0123456789abcdef";

  private static final DispatchConfig DISPATCH =
      DispatchConfig.of(
          new RetrySchedule(List.of(Duration.ofHours(1))),
          new PausePolicy(10, List.of(Duration.ofHours(1))),
          Duration.ofSeconds(10));

  private static final TemplateDatabase TEMPLATE =
      TemplateDatabase.migrated(empty -> new Schema(empty).migrate());

  private final InstantSource clock = InstantSource.system();
  private final TestDatabase database = TEMPLATE.take();
  private final Transactor store = new JdbiTransactor(database.pool());
  private final SequentialIdGenerator ids = new SequentialIdGenerator(clock);
  final ScriptedTransport transport = new ScriptedTransport(() -> false);
  private final Runhook runhook =
      Runhook.on(store)
          .transport(transport)
          .renderer(new PlainPayloadRenderer())
          .ids(ids)
          .clock(clock, () -> 0)
          .dispatchConfig(DISPATCH)
          .userAgent("Runhook/test")
          .onCallingThread()
          .build();
  private final HttpApi api = new HttpApi(ports(), DISPATCH, List::of);
  private final Javalin javalin =
      Javalin.create(config -> {
        HttpApi.configure(config);
        config.jetty.host = "127.0.0.1";
        api.mount(config.routes, Set.of(HttpPart.API));
      });

  ServerFixture() {
    javalin.start(0);
  }

  private HttpApi.Ports ports() {
    Access access = new Access(store, grants(), AccessConfig.defaults(), System::nanoTime);
    return new HttpApi.Ports(
        access,
        new SignIn(store, access, ids, new SecureRandom(), System::nanoTime),
        new TokenAdmin(store, ids, new SecureRandom(), access::invalidate),
        runhook.journal(),
        runhook.webhooks(),
        runhook.accountWebhooks(),
        new Stats(store),
        new AuditLog(store),
        runhook.deliveries(),
        new PayloadErasure(store, ids),
        DiagnosisJson::diagnose,
        new IdempotentRequests(store, ids));
  }

  private static Map<TokenHash, Grant> grants() {
    return Map.of(
        TokenHash.of(ADMIN), grant(1, Role.ADMIN, "ops"),
        TokenHash.of(READER), grant(2, Role.READER, "page"));
  }

  private static Grant grant(int id, Role role, String name) {
    return new Grant(new TokenId(new UUID(0, id)), ACME, role, new StackScope.All(), name);
  }

  String url() {
    return "http://127.0.0.1:" + javalin.port();
  }

  /// Sends all due deliveries once.
  void dispatch() {
    runhook.dispatcher().poll();
  }

  @Override
  public void close() {
    api.close();
    javalin.stop();
    runhook.close();
    TEMPLATE.recycle(database);
  }
}
