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
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

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
    return new RequestFactory(
        new WebhookSigner(settings.dispatch().sha1Signature()),
        "Runhook/" + Version.text(),
        settings.dispatch().timeout());
  }

  @Provides
  @Singleton
  static Dispatcher dispatcher(
      @Named(PersistenceModule.DISPATCHER) Transactor transactor,
      RequestFactory requestFactory,
      HttpTransport transport,
      DispatchObserver observer,
      Settings settings,
      InstantSource clock,
      ExecutorService executor) {
    return Dispatcher.using(
        transactor,
        new Dispatcher.DeliveryTransport(requestFactory, transport, observer),
        dispatchConfig(settings.dispatch()),
        new Dispatcher.DispatchContext(
            clock, System::nanoTime, () -> ThreadLocalRandom.current().nextLong(), executor));
  }

  private static DispatchConfig dispatchConfig(Settings.DispatchSettings settings) {
    return DispatchConfig.of(
            new RetrySchedule(settings.retrySchedule()),
            new PausePolicy(settings.pauseAfter(), settings.retrySchedule()),
            settings.timeout())
        .withConcurrency(settings.maxInFlight(), settings.maxInFlightPerWebhook());
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
      Transactor transactor,
      PayloadRenderer renderer,
      IdGenerator ids,
      InstantSource clock,
      DispatchHandoff handoff,
      ExecutorService executor,
      PrometheusMetrics metrics) {
    RunJournal.Dependencies dependencies = new RunJournal.Dependencies(renderer, ids, clock);
    return new MeteredRunJournal(
        RunJournal.using(transactor, dependencies, handoff, executor), metrics.registry());
  }

  @Provides
  static WebhookAdmin webhooks(
      Transactor transactor,
      EgressPolicy policy,
      Settings settings,
      IdGenerator ids,
      InstantSource clock,
      DispatchObserver observer) {
    return WebhookAdmin.using(
        transactor,
        new WebhookAdmin.Config(policy, settings.maxWebhooksPerStack()),
        ids,
        clock,
        new SecureRandom(),
        observer);
  }

  @Provides
  static DeliveryAdmin deliveries(
      Transactor transactor,
      RequestFactory requestFactory,
      PayloadRenderer renderer,
      IdGenerator ids,
      InstantSource clock,
      DispatchHandoff handoff) {
    return DeliveryAdmin.using(
        transactor, new DeliveryAdmin.Dependencies(requestFactory, renderer, ids, clock), handoff);
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
  static SignatureDiagnoser signatureDiagnoser(JsonReserializer reserializer) {
    return SignatureDiagnoser.using(reserializer);
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
  static Retention retention(HistoryPartitions partitions, Settings settings) {
    return Retention.using(partitions, settings.retention());
  }
}
