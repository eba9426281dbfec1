package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
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
import dev.runhook.application.outbox.LagMonitor;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.retention.Retention;
import dev.runhook.application.retention.StackPurge;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.database.Databases;
import dev.runhook.bootstrap.observe.AcknowledgedTransitions;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.ServerReadiness;
import dev.runhook.bootstrap.observe.TransitionMetrics;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.embedded.UuidV7IdGenerator;
import dev.runhook.http.account.SettingRoutes.SettingJson;
import dev.runhook.http.server.HttpApi;
import dev.runhook.outbound.egress.LocalAddresses;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.outbound.payload.JacksonReserializer;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.PgNotifier;
import dev.runhook.persistence.schema.JdbiHistoryPartitions;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/// Creates the parts of a server from its settings and its database.
@Module(includes = ObservationModule.class)
interface ServerModule {
  /// Marks the buckets of the dispatcher. Requests cannot exhaust its connections.
  String DISPATCHER = "dispatcher";

  /// Marks the executor of the transactions that reports share, and of those that complete
  /// attempts. Its threads are platform threads: a virtual one would wait behind all requests after
  /// each of a transaction's many statements, with runs locked.
  String TRANSACTIONS = "transactions";

  InstantSource CLOCK = InstantSource.system();
  IdGenerator IDS = new UuidV7IdGenerator();

  @Provides
  @Singleton
  static PayloadRenderer renderer(Settings settings) {
    return new JsonPayloadRenderer(settings.publicUrl());
  }

  @Provides
  @Singleton
  static BucketRouter buckets(Databases databases, Settings settings) {
    return databases.router(Database::requestDataSource, settings.encryption().cipher());
  }

  @Provides
  static IdGenerator ids(Settings settings) {
    return settings.buckets().ids(IDS);
  }

  @Provides
  @Singleton
  @Named(DISPATCHER)
  static BucketRouter dispatcherBuckets(Databases databases, Settings settings) {
    return databases.router(Database::dispatcherDataSource, settings.encryption().cipher());
  }

  @Provides
  @Singleton
  static PgNotifier notifier(Databases databases) {
    return new PgNotifier(databases.home().requestDataSource());
  }

  @Provides
  @Singleton
  static EgressPolicy policy(Settings settings) {
    return settings.egress().policy().denyingLocalAddresses(new LocalAddresses());
  }

  @Provides
  @Singleton
  static HttpTransport transport(EgressPolicy policy, Settings settings) {
    Settings.OutboundSettings outbound = settings.outbound();
    return new HttpTransport(
        TransportSettings.of(policy)
            .withExtraCaCertificates(outbound.extraCaCertificates())
            .withProxy(outbound.proxy()),
        CLOCK);
  }

  @Provides
  @Singleton
  static ExecutorService executor() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }

  @Provides
  @Singleton
  @Named(TRANSACTIONS)
  static ExecutorService transactions() {
    return Executors.newCachedThreadPool(Thread.ofPlatform().name(TRANSACTIONS + "-", 1).factory());
  }

  @Provides
  @Singleton
  static Access access(BucketRouter buckets, Settings settings, AdminToken token) {
    Grant admin =
        new Grant(
            TokenId.CONFIGURED_ADMIN,
            settings.account(),
            Role.ADMIN,
            new StackScope.All(),
            "first admin");
    return new Access(
        buckets.home(),
        Map.of(TokenHash.of(token.secret()), admin),
        AccessConfig.defaults()
            .withRequestsPerSecond(settings.limits().requestsPerSecond())
            .withTransitionsPerSecond(settings.limits().transitionsPerSecond()),
        System::nanoTime);
  }

  @Provides
  static RequestFactory requestFactory(Settings settings) {
    return new RequestFactory(
        new WebhookSigner(settings.sha1Signature()),
        "Runhook/" + Version.text(),
        settings.dispatch());
  }

  @Provides
  static DispatchConfig dispatchConfig(Settings settings) {
    return settings.dispatch();
  }

  @Provides
  @Singleton
  static Dispatcher dispatcher(
      @Named(DISPATCHER) BucketRouter buckets,
      PayloadRenderer renderer,
      RequestFactory requestFactory,
      HttpTransport transport,
      DispatchObserver observer,
      DispatchConfig config,
      ExecutorService executor,
      @Named(TRANSACTIONS) ExecutorService transactions,
      OperationalEvents operationalEvents) {
    return new Dispatcher(
        buckets,
        new Dispatcher.DeliveryTransport(renderer, requestFactory, transport, observer),
        config,
        new Dispatcher.DispatchContext(
            CLOCK,
            System::nanoTime,
            () -> ThreadLocalRandom.current().nextLong(),
            executor,
            transactions),
        operationalEvents);
  }

  @Provides
  static OperationalEvents operationalEvents(PayloadRenderer renderer, IdGenerator ids) {
    return new OperationalEvents(renderer, ids);
  }

  @Provides
  static LagMonitor lagMonitor(
      BucketRouter buckets, OperationalEvents operationalEvents, Settings settings) {
    return new LagMonitor(buckets, operationalEvents, settings.laggingAfter());
  }

  @Provides
  static DispatchHandoff dispatchHandoff(
      Settings settings, Dispatcher dispatcher, PgNotifier notifier) {
    return settings.role().sendsDeliveries()
        ? dispatcher.handoff()
        : DispatchHandoff.wakeOnly(notifier::notifyDue);
  }

  @Provides
  @Singleton
  static RunJournal journal(
      BucketRouter buckets,
      PayloadRenderer renderer,
      IdGenerator ids,
      DispatchHandoff handoff,
      @Named(TRANSACTIONS) ExecutorService executor,
      Settings settings,
      PrometheusMetrics metrics,
      AcknowledgedTransitions acknowledged) {
    RunJournal.Dependencies dependencies =
        new RunJournal.Dependencies(renderer, ids, CLOCK)
            .withMaxStacks(settings.limits().maxStacks())
            .withObserver(new TransitionMetrics(metrics.registry(), acknowledged));
    return new RunJournal(buckets, dependencies, handoff, executor);
  }

  @Provides
  static WebhookConfig webhookConfig(
      EgressPolicy policy, PayloadRenderer renderer, DispatchHandoff handoff, Settings settings) {
    return new WebhookConfig(
        policy,
        settings.limits().maxWebhooksPerStack(),
        settings.limits().maxWebhooks(),
        settings.dispatch().maxTimeout(),
        renderer,
        handoff);
  }

  @Provides
  static WebhookAdmin webhooks(
      BucketRouter buckets, WebhookConfig config, IdGenerator ids, DispatchObserver observer) {
    return new WebhookAdmin(buckets, config, ids, CLOCK, new SecureRandom(), observer);
  }

  @Provides
  static AccountWebhookAdmin accountWebhooks(
      BucketRouter buckets, WebhookConfig config, IdGenerator ids, DispatchObserver observer) {
    return new AccountWebhookAdmin(buckets, config, ids, CLOCK, new SecureRandom(), observer);
  }

  @Provides
  static DeliveryAdmin deliveries(
      BucketRouter buckets,
      IdGenerator ids,
      RequestFactory requestFactory,
      HttpTransport transport,
      PayloadRenderer renderer,
      DispatchHandoff handoff) {
    return new DeliveryAdmin(
        buckets,
        new DeliveryDependencies(requestFactory, transport, renderer, ids, CLOCK, System::nanoTime),
        handoff);
  }

  @Provides
  static IdempotentRequests idempotentRequests(BucketRouter buckets) {
    return new IdempotentRequests(buckets, IDS);
  }

  @Provides
  static Retention retention(Databases databases, Settings settings) {
    return new Retention(
        databases.<HistoryPartitions>ofBuckets(
            Database::requestDataSource, JdbiHistoryPartitions::new),
        settings.retention());
  }

  @Provides
  static StackPurge stackPurge(BucketRouter buckets) {
    return new StackPurge(buckets);
  }

  @Provides
  @Singleton
  static HttpApi api(
      BucketRouter buckets,
      Access access,
      RunJournal journal,
      WebhookAdmin webhooks,
      AccountWebhookAdmin accountWebhooks,
      DeliveryAdmin deliveries,
      IdempotentRequests idempotentRequests,
      DispatchConfig dispatch,
      ServerReadiness readiness,
      PrometheusMetrics metrics,
      Settings settings) {
    SecureRandom random = new SecureRandom();
    HttpApi.Ports ports =
        new HttpApi.Ports(
            access,
            new SignIn(buckets.home(), access, random, System::nanoTime),
            new TokenAdmin(buckets.home(), IDS, random, access::invalidate),
            journal,
            webhooks,
            accountWebhooks,
            new Stats(buckets),
            new AuditLog(buckets),
            deliveries,
            new PayloadErasure(buckets, IDS),
            new JacksonReserializer()::reserialize,
            idempotentRequests);
    return new HttpApi(ports, dispatch, readiness)
        .withVersion(Version.text())
        .withMetrics(metrics)
        .withSecretsVisibleTo(settings.secretsVisibleTo())
        .withIngestSecrets(settings.ingestSecrets())
        .withSettings(
            settings.account(),
            settings.effective().stream()
                .map(each ->
                    SettingJson.of(
                        each.variable(),
                        each.value(),
                        each.defaultValue(),
                        each.isSet(),
                        each.secret(),
                        each.source()))
                .toList());
  }
}
