package dev.runhook.bootstrap.cli;

import static dev.runhook.testkit.Samples.ACME;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryDependencies;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.http.server.HttpApi;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.memory.InMemoryTransactor;
import io.javalin.Javalin;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// The API on a free port with the real use cases on an in-memory store. Deliveries are sent by
/// [#dispatch].
final class InMemoryServer implements AutoCloseable {
  static final String ADMIN = "admin-of-acme-0123456789abcdef";
  static final String READER = "reader-of-acme-0123456789abcdef";

  private static final DispatchConfig DISPATCH =
      DispatchConfig.of(
          new RetrySchedule(List.of(Duration.ofHours(1))),
          new PausePolicy(10, List.of(Duration.ofHours(1))),
          Duration.ofSeconds(10));

  private final InstantSource clock = InstantSource.system();
  private final InMemoryTransactor store = new InMemoryTransactor(clock);
  private final SequentialIdGenerator ids = new SequentialIdGenerator(clock);
  private final RequestFactory requests =
      new RequestFactory(new WebhookSigner(true), "Runhook/test", DISPATCH);
  final ScriptedTransport transport = new ScriptedTransport(store);
  private final PlainPayloadRenderer renderer = new PlainPayloadRenderer();
  private final Dispatcher dispatcher =
      new Dispatcher(
          store,
          new Dispatcher.DeliveryTransport(
              renderer, requests, transport, new DispatchObserver() {}),
          DISPATCH,
          new Dispatcher.DispatchContext(clock, () -> 0, new SecureRandom(), Runnable::run),
          new OperationalEvents(renderer, ids));
  private final HttpApi api = new HttpApi(ports(), DISPATCH, List::of);
  private final Javalin javalin =
      Javalin.create(config -> {
        HttpApi.configure(config);
        config.jetty.host = "127.0.0.1";
        api.mount(config.routes);
      });

  InMemoryServer() {
    javalin.start(0);
  }

  private HttpApi.Ports ports() {
    var webhooks = WebhookConfig.of(new EgressPolicy(List.of()), renderer);
    var run = new RunJournal.Dependencies(renderer, ids, clock);
    var delivery =
        new DeliveryDependencies(requests, transport, renderer, ids, clock, System::nanoTime);
    Access access = new Access(store, grants(), AccessConfig.defaults(), System::nanoTime);
    return new HttpApi.Ports(
        access,
        new SignIn(store, access, new SecureRandom(), System::nanoTime),
        new TokenAdmin(store, ids, new SecureRandom(), access::invalidate),
        new RunJournal(store, run, DispatchHandoff.none(), Runnable::run),
        new WebhookAdmin(
            store, webhooks, ids, clock, new SecureRandom(), new DispatchObserver() {}),
        new AccountWebhookAdmin(
            store, webhooks, ids, clock, new SecureRandom(), new DispatchObserver() {}),
        new Stats(store),
        new AuditLog(store),
        new DeliveryAdmin(store, delivery, DispatchHandoff.none()),
        new PayloadErasure(store, ids),
        _ -> Stream.empty(),
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
    dispatcher.poll();
  }

  @Override
  public void close() {
    api.close();
    javalin.stop();
  }
}
