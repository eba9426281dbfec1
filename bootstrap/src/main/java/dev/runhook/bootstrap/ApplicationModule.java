package dev.runhook.bootstrap;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessRules;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditTrail;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DispatchRules;
import dev.runhook.application.delivery.Dispatcher;
import dev.runhook.application.delivery.Erasure;
import dev.runhook.application.delivery.RequestFactory;
import dev.runhook.application.delivery.Retention;
import dev.runhook.application.diagnosis.SignatureDoctor;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.overview.Overview;
import dev.runhook.application.repeat.Repeats;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.History;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Rewriting;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.bootstrap.metric.MeteredJournal;
import dev.runhook.bootstrap.metric.Meters;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.outbound.HttpTransport;
import dev.runhook.persistence.Bell;
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
  static IdSource ids() {
    return new Ids();
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
            TokenId.OF_CONFIGURATION,
            settings.account(),
            Role.ADMIN,
            new Reach.AllStacks(),
            "first admin");
    return Access.using(
        transactor,
        Map.of(TokenHash.of(token.text()), admin),
        AccessRules.usual().atMost(settings.rateLimit()),
        System::nanoTime);
  }

  @Provides
  static TokenAdmin tokens(Transactor transactor, IdSource ids, Access access) {
    return TokenAdmin.using(
        transactor, new TokenAdmin.Sources(ids, new SecureRandom()), access::revoked);
  }

  @Provides
  @Singleton
  static SignIn signIn(Transactor transactor, Access access) {
    return SignIn.using(
        transactor, access, new SignIn.Sources(new SecureRandom(), System::nanoTime));
  }

  @Provides
  static RequestFactory requests(Settings settings) {
    Signatures signatures = new Signatures(settings.delivering().sha1Signature());
    return new RequestFactory(
        signatures, "Runhook/" + Version.text(), settings.delivering().timeout());
  }

  @Provides
  static DispatchRules rules(Settings settings) {
    Settings.Delivering delivering = settings.delivering();
    RetrySchedule schedule = new RetrySchedule(delivering.retrySchedule());
    PausePolicy pausing = new PausePolicy(delivering.pauseAfter(), delivering.retrySchedule());
    return DispatchRules.of(schedule, pausing, delivering.timeout())
        .atMost(delivering.maxInFlight(), delivering.maxInFlightPerWebhook());
  }

  @Provides
  @Singleton
  static Dispatcher dispatcher(
      PersistenceModule.EngineStore store,
      Dispatcher.Sender sender,
      DispatchRules rules,
      Dispatcher.Surroundings surroundings) {
    return Dispatcher.using(store.transactor(), sender, rules, surroundings);
  }

  @Provides
  static Dispatcher.Sender sender(
      RequestFactory requests, HttpTransport transport, DispatchObserver observer) {
    return new Dispatcher.Sender(requests, transport, observer);
  }

  @Provides
  static Dispatcher.Surroundings surroundings(InstantSource clock, ExecutorService executor) {
    return new Dispatcher.Surroundings(clock, System::nanoTime, new Jitter(), executor);
  }

  @Provides
  static Intake intake(Settings settings, Dispatcher dispatcher, Bell bell) {
    return settings.role().sends() ? dispatcher.intake() : Intake.elsewhere(bell::ring);
  }

  @Provides
  @Singleton
  static RunJournal journal(
      Transactor transactor,
      RunJournal.Recorder recorder,
      Intake intake,
      ExecutorService executor,
      Meters meters) {
    return new MeteredJournal(
        RunJournal.using(transactor, recorder, intake, executor), meters.registry());
  }

  @Provides
  static RunJournal.Recorder recorder(PayloadRenderer renderer, IdSource ids, InstantSource clock) {
    return new RunJournal.Recorder(renderer, ids, clock);
  }

  @Provides
  static WebhookAdmin webhooks(
      Transactor transactor,
      WebhookAdmin.Rules rules,
      WebhookAdmin.Sources sources,
      DispatchObserver observer) {
    return WebhookAdmin.using(transactor, rules, sources, observer);
  }

  @Provides
  static WebhookAdmin.Rules webhookRules(EgressPolicy policy, Settings settings) {
    return new WebhookAdmin.Rules(policy, settings.maxWebhooksPerStack());
  }

  @Provides
  static Overview overview(Transactor transactor) {
    return Overview.using(transactor);
  }

  @Provides
  static WebhookAdmin.Sources sources(IdSource ids, InstantSource clock) {
    return new WebhookAdmin.Sources(ids, clock, new SecureRandom());
  }

  @Provides
  static AuditTrail audit(Transactor transactor, IdSource ids) {
    return AuditTrail.using(transactor, ids);
  }

  @Provides
  static DeliveryAdmin deliveries(Transactor transactor, DeliveryAdmin.Needs needs, Intake intake) {
    return DeliveryAdmin.using(transactor, needs, intake);
  }

  @Provides
  static DeliveryAdmin.Needs needs(
      RequestFactory requests, PayloadRenderer renderer, IdSource ids, InstantSource clock) {
    return new DeliveryAdmin.Needs(requests, renderer, ids, clock);
  }

  @Provides
  static SignatureDoctor doctor(Rewriting rewriting) {
    return SignatureDoctor.using(rewriting);
  }

  @Provides
  static Repeats repeats(Transactor transactor, IdSource ids) {
    return Repeats.using(transactor, ids);
  }

  @Provides
  static Erasure erasure(Transactor transactor, IdSource ids) {
    return Erasure.using(transactor, ids);
  }

  @Provides
  static Retention retention(History history, Settings settings) {
    return Retention.using(history, settings.retention());
  }
}
