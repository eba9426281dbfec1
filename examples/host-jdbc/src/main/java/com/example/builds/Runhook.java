package com.example.builds;

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
import dev.runhook.application.diagnosis.SignatureDoctor;
import dev.runhook.application.overview.Overview;
import dev.runhook.application.repeat.Repeats;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.http.HttpApi;
import dev.runhook.http.Readiness;
import dev.runhook.outbound.JsonRewriting;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Runhook's use cases, put together by hand: no container, and nothing runs yet.
public record Runhook(RunJournal journal, Dispatcher dispatcher, HttpApi.Ports ports, HttpApi api) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final List<Duration> WAITS =
      List.of(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(1));

  /// @param policy where webhooks may point
  /// @param adminToken lets people at the API
  static Runhook on(Adapters adapters, EgressPolicy policy, String adminToken) {
    RequestFactory requests =
        new RequestFactory(new Signatures(true), "Builds/1 (Runhook)", TIMEOUT);
    Dispatcher dispatcher =
        Dispatcher.using(
            adapters.store(),
            new Dispatcher.Sender(requests, adapters.transport(), new DispatchObserver() {}),
            DispatchRules.of(new RetrySchedule(WAITS), new PausePolicy(10, WAITS), TIMEOUT),
            new Dispatcher.Surroundings(
                adapters.clock(), adapters.ticker(), new SecureRandom(), adapters.executor()));
    RunJournal journal =
        RunJournal.using(
            adapters.store(),
            new RunJournal.Recorder(adapters.renderer(), adapters.ids(), adapters.clock()),
            dispatcher.intake(),
            adapters.executor());
    HttpApi.Ports ports = ports(adapters, policy, adminToken, requests, dispatcher, journal);
    return new Runhook(journal, dispatcher, ports, new HttpApi(ports, ready()));
  }

  private static HttpApi.Ports ports(
      Adapters adapters,
      EgressPolicy policy,
      String adminToken,
      RequestFactory requests,
      Dispatcher dispatcher,
      RunJournal journal) {
    SecureRandom random = new SecureRandom();
    Access access =
        Access.using(
            adapters.store(),
            Map.of(TokenHash.of(adminToken), admin()),
            AccessRules.usual(),
            adapters.ticker());
    TokenAdmin tokens =
        TokenAdmin.using(
            adapters.store(), new TokenAdmin.Sources(adapters.ids(), random), access::revoked);
    WebhookAdmin webhooks =
        WebhookAdmin.using(
            adapters.store(),
            policy,
            new WebhookAdmin.Sources(adapters.ids(), adapters.clock(), random));
    DeliveryAdmin deliveries =
        DeliveryAdmin.using(
            adapters.store(),
            new DeliveryAdmin.Needs(
                requests, adapters.renderer(), adapters.ids(), adapters.clock()),
            dispatcher.intake());
    SignIn signIn =
        SignIn.using(adapters.store(), access, new SignIn.Sources(random, adapters.ticker()));
    return new HttpApi.Ports(
        access,
        signIn,
        tokens,
        journal,
        webhooks,
        Overview.using(adapters.store()),
        AuditTrail.using(adapters.store(), adapters.ids()),
        deliveries,
        Erasure.using(adapters.store(), adapters.ids()),
        SignatureDoctor.using(new JsonRewriting()),
        Repeats.using(adapters.store(), adapters.ids()));
  }

  private static Grant admin() {
    return new Grant(
        TokenId.OF_CONFIGURATION,
        BuildServer.STACK.account(),
        Role.ADMIN,
        new Reach.AllStacks(),
        "the operator");
  }

  private static Readiness ready() {
    return () -> List.of(new Readiness.Check("builds", true, "running"));
  }
}
