package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.database.Databases;
import dev.runhook.bootstrap.observe.AcknowledgedTransitions;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.ServerReadiness;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.embedded.Engine;
import dev.runhook.embedded.EngineParts;
import dev.runhook.embedded.EngineStores;
import dev.runhook.embedded.EngineThreads;
import dev.runhook.embedded.TransitionMetrics;
import dev.runhook.embedded.UuidV7IdGenerator;
import dev.runhook.http.account.SettingRoutes.SettingJson;
import dev.runhook.http.server.HttpApi;
import dev.runhook.outbound.egress.LocalAddresses;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.schema.JdbiHistoryPartitions;
import dev.runhook.web.RunhookWeb;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Creates the parts of a server from its settings and its database.
@Module(includes = ObservationModule.class)
interface ServerModule {
  /// A supervisor of processes restarts this one then.
  int FAILURE_EXIT_CODE = 1;

  InstantSource CLOCK = InstantSource.system();
  IdGenerator IDS = new UuidV7IdGenerator();

  @Provides
  @Singleton
  static BucketRouter buckets(Databases databases, Settings settings) {
    return databases.router(Database::requestDataSource, settings.encryption().cipher());
  }

  @Provides
  @Singleton
  static EgressPolicy policy(Settings settings) {
    return settings.egressPolicy().denyingLocalAddresses(new LocalAddresses());
  }

  @Provides
  @Singleton
  static HttpTransport transport(EgressPolicy policy, Settings settings) {
    return new HttpTransport(
        TransportSettings.of(policy)
            .withExtraCaCertificates(settings.list(SettingDefinitions.EXTRA_CA_FILE))
            .withProxy(settings.find(SettingDefinitions.EGRESS_PROXY)),
        CLOCK);
  }

  @Provides
  @Singleton
  static EngineThreads threads() {
    return new EngineThreads();
  }

  @Provides
  @Singleton
  static Access access(BucketRouter buckets, Settings settings, AdminToken token) {
    Grant admin =
        new Grant(
            TokenId.CONFIGURED_ADMIN,
            settings.get(SettingDefinitions.ACCOUNT),
            Role.ADMIN,
            new StackScope.All(),
            "first admin");
    return new Access(
        buckets.home(),
        Map.of(TokenHash.of(token.secret()), admin),
        AccessConfig.defaults()
            .withRequestsPerSecond(settings.get(SettingDefinitions.RATE_LIMIT))
            .withTransitionsPerSecond(settings.get(SettingDefinitions.TRANSITION_RATE_LIMIT)),
        System::nanoTime);
  }

  /// The dispatcher has connections of its own, which requests cannot exhaust.
  @Provides
  static EngineStores stores(Databases databases, Settings settings, BucketRouter buckets) {
    return new EngineStores(
        buckets,
        databases.router(Database::dispatcherDataSource, settings.encryption().cipher()),
        databases.<HistoryPartitions>ofBuckets(
            Database::requestDataSource, JdbiHistoryPartitions::new),
        Optional.of(databases.home().requestDataSource()),
        databases.homeSchema());
  }

  @Provides
  static JournalDependencies journal(
      Settings settings,
      Databases databases,
      PrometheusMetrics metrics,
      List<AcknowledgedTransitions> acknowledged) {
    return new JournalDependencies(
            new JsonPayloadRenderer(settings.find(SettingDefinitions.PUBLIC_URL)),
            settings.get(SettingDefinitions.BUCKETS).ids(IDS),
            CLOCK)
        .withMaxStacks(settings.get(SettingDefinitions.MAX_STACKS))
        .withObservers(
            List.of(
                new TransitionMetrics(metrics.registry()),
                AcknowledgedTransitions.observer(stack -> acknowledged.get(databases.of(stack)))));
  }

  @Provides
  @Singleton
  static Engine engine(
      EngineStores stores,
      JournalDependencies journal,
      EgressPolicy policy,
      HttpTransport transport,
      EngineThreads threads,
      List<DispatchObserver> observers,
      Settings settings) {
    return new Engine(
        new EngineParts(
            stores,
            journal,
            new WebhookConfig(
                policy,
                settings.get(SettingDefinitions.MAX_WEBHOOKS_PER_STACK),
                settings.get(SettingDefinitions.MAX_WEBHOOKS),
                settings.dispatch().maxTimeout(),
                journal.renderer(),
                DispatchHandoff.none()),
            settings.dispatch(),
            new RequestFactory(
                new WebhookSigner(settings.get(SettingDefinitions.SHA1_SIGNATURE)),
                "Runhook/" + Version.text(),
                settings.dispatch()),
            transport,
            new DispatchContext(
                CLOCK,
                System::nanoTime,
                new SecureRandom(),
                threads.attempts(),
                threads.transactions()),
            observers,
            settings.get(SettingDefinitions.RETENTION),
            settings.get(SettingDefinitions.LAGGING_AFTER),
            () -> Runtime.getRuntime().halt(FAILURE_EXIT_CODE),
            settings.get(SettingDefinitions.ROLE).sendsDeliveries()));
  }

  @Provides
  @Singleton
  static HttpApi api(
      Databases databases,
      Access access,
      Engine engine,
      ServerReadiness readiness,
      PrometheusMetrics metrics,
      Settings settings) {
    return RunhookWeb.apiOf(engine, access, readiness)
        .withVersion(Version.text())
        .withPlacement(databases)
        .withMetrics(metrics)
        .withSecretsVisibleTo(settings.get(SettingDefinitions.SECRETS_VISIBLE_TO))
        .withIngestSecrets(settings.list(SettingDefinitions.INGEST_SECRETS))
        .withSettings(
            settings.get(SettingDefinitions.ACCOUNT),
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
