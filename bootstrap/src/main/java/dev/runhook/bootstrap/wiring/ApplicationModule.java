package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.diagnosis.SignatureDiagnoser;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.retention.Retention;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.JsonReserializer;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.bootstrap.observe.MeteredRunJournal;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.persistence.notify.PgNotifier;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

@Module
interface ApplicationModule {
  @Provides
  static InstantSource clock() {
    return InstantSource.system();
  }

  @Provides
  static IdGenerator idGenerator() {
    return new UuidV7IdGenerator();
  }

  @Provides
  @Singleton
  static ExecutorService executor() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }

  @Provides
  @Singleton
  static Access access(Transactor transactor, Settings settings, AdminToken token) {
    Grant admin =
        new Grant(
            TokenId.CONFIGURED_ADMIN,
            settings.account(),
            Role.ADMIN,
            new StackScope.All(),
            "first admin");
    return Access.using(
        transactor,
        Map.of(TokenHash.of(token.secret()), admin),
        AccessConfig.defaults().withRequestsPerSecond(settings.rateLimit()),
        System::nanoTime);
  }

  @Provides
  static TokenAdmin tokenAdmin(Transactor transactor, IdGenerator ids, Access access) {
    return TokenAdmin.using(transactor, ids, new SecureRandom(), access::invalidate);
  }

  @Provides
  @Singleton
  static SignIn signIn(Transactor transactor, Access access) {
    return SignIn.using(transactor, access, new SecureRandom(), System::nanoTime);
  }

  @Provides
  static RequestFactory requestFactory(Settings settings) {
    WebhookSigner webhookSigner = new WebhookSigner(settings.dispatch().sha1Signature());
    return new RequestFactory(
        webhookSigner, "Runhook/" + Version.text(), settings.dispatch().timeout());
  }

  @Provides
  static DispatchConfig dispatchConfig(Settings settings) {
    Settings.DispatchSettings dispatchSettings = settings.dispatch();
    RetrySchedule schedule = new RetrySchedule(dispatchSettings.retrySchedule());
    PausePolicy pausing =
        new PausePolicy(dispatchSettings.pauseAfter(), dispatchSettings.retrySchedule());
    return DispatchConfig.of(schedule, pausing, dispatchSettings.timeout())
        .withConcurrency(dispatchSettings.maxInFlight(), dispatchSettings.maxInFlightPerWebhook());
  }

  @Provides
  @Singleton
  static Dispatcher dispatcher(
      PersistenceModule.DispatcherTransactor store,
      Dispatcher.DeliveryTransport deliveryTransport,
      DispatchConfig rules,
      Dispatcher.DispatchContext dispatchContext) {
    return Dispatcher.using(store.transactor(), deliveryTransport, rules, dispatchContext);
  }

  @Provides
  static Dispatcher.DeliveryTransport deliveryTransport(
      RequestFactory requests, HttpTransport transport, DispatchObserver observer) {
    return new Dispatcher.DeliveryTransport(requests, transport, observer);
  }

  @Provides
  static Dispatcher.DispatchContext dispatchContext(InstantSource clock, ExecutorService executor) {
    return new Dispatcher.DispatchContext(
        clock, System::nanoTime, new ThreadLocalRandomGenerator(), executor);
  }

  @Provides
  static DispatchHandoff dispatchHandoff(
      Settings settings, Dispatcher dispatcher, PgNotifier pgNotifier) {
    return settings.role().sendsDeliveries()
        ? dispatcher.handoff()
        : DispatchHandoff.wakeOnly(pgNotifier::notifyDue);
  }

  @Provides
  @Singleton
  static RunJournal journal(
      Transactor transactor,
      RunJournal.Dependencies dependencies,
      DispatchHandoff dispatchHandoff,
      ExecutorService executor,
      PrometheusMetrics prometheusMetrics) {
    return new MeteredRunJournal(
        RunJournal.using(transactor, dependencies, dispatchHandoff, executor),
        prometheusMetrics.registry());
  }

  @Provides
  static RunJournal.Dependencies recorder(
      PayloadRenderer renderer, IdGenerator ids, InstantSource clock) {
    return new RunJournal.Dependencies(renderer, ids, clock);
  }

  @Provides
  static WebhookAdmin webhooks(
      Transactor transactor,
      WebhookAdmin.Config config,
      IdGenerator ids,
      InstantSource clock,
      DispatchObserver observer) {
    return WebhookAdmin.using(transactor, config, ids, clock, new SecureRandom(), observer);
  }

  @Provides
  static WebhookAdmin.Config webhookRules(EgressPolicy policy, Settings settings) {
    return new WebhookAdmin.Config(policy, settings.maxWebhooksPerStack());
  }

  @Provides
  static Stats stats(Transactor transactor) {
    return Stats.using(transactor);
  }

  @Provides
  static AuditLog auditLog(Transactor transactor, IdGenerator ids) {
    return AuditLog.using(transactor, ids);
  }

  @Provides
  static DeliveryAdmin deliveries(
      Transactor transactor,
      DeliveryAdmin.Dependencies dependencies,
      DispatchHandoff dispatchHandoff) {
    return DeliveryAdmin.using(transactor, dependencies, dispatchHandoff);
  }

  @Provides
  static DeliveryAdmin.Dependencies needs(
      RequestFactory requests, PayloadRenderer renderer, IdGenerator ids, InstantSource clock) {
    return new DeliveryAdmin.Dependencies(requests, renderer, ids, clock);
  }

  @Provides
  static SignatureDiagnoser signatureDoctor(JsonReserializer jsonReserializer) {
    return SignatureDiagnoser.using(jsonReserializer);
  }

  @Provides
  static IdempotentRequests idempotentRequests(Transactor transactor, IdGenerator ids) {
    return IdempotentRequests.using(transactor, ids);
  }

  @Provides
  static PayloadErasure erasure(Transactor transactor, IdGenerator ids) {
    return PayloadErasure.using(transactor, ids);
  }

  @Provides
  static Retention retention(HistoryPartitions historyPartitions, Settings settings) {
    return Retention.using(historyPartitions, settings.retention());
  }
}
