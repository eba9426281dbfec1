package com.example.builds;

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
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.WebhookAdmin;
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
import dev.runhook.http.server.Readiness;
import dev.runhook.outbound.payload.JacksonReserializer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Creates Runhook's use cases without a dependency injection container. It starts nothing.
public record Runhook(RunJournal journal, Dispatcher dispatcher, HttpApi.Ports ports, HttpApi api) {
  private static final List<Duration> RETRY_DELAYS =
      List.of(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(1));
  private static final DispatchConfig DISPATCH =
      DispatchConfig.of(
          new RetrySchedule(RETRY_DELAYS),
          new PausePolicy(10, RETRY_DELAYS),
          Duration.ofSeconds(10));

  /// @param policy decides which addresses webhooks may call
  /// @param adminToken grants access to the API
  static Runhook using(Adapters adapters, EgressPolicy policy, String adminToken) {
    RequestFactory requests =
        new RequestFactory(new WebhookSigner(true), "Builds/1 (Runhook)", DISPATCH.timeout());
    Dispatcher dispatcher =
        Dispatcher.using(
            adapters.store(),
            new Dispatcher.DeliveryTransport(
                requests, adapters.transport(), new DispatchObserver() {}),
            DISPATCH,
            new Dispatcher.DispatchContext(
                adapters.clock(), adapters.ticker(), new SecureRandom(), adapters.executor()));
    RunJournal journal =
        RunJournal.using(
            adapters.store(),
            new RunJournal.Dependencies(adapters.renderer(), adapters.ids(), adapters.clock()),
            dispatcher.handoff(),
            adapters.executor());
    HttpApi.Ports ports = ports(adapters, policy, adminToken, requests, dispatcher, journal);
    return new Runhook(journal, dispatcher, ports, new HttpApi(ports, DISPATCH, readiness()));
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
            AccessConfig.defaults(),
            adapters.ticker());
    TokenAdmin tokens =
        TokenAdmin.using(adapters.store(), adapters.ids(), random, access::invalidate);
    WebhookAdmin webhooks =
        WebhookAdmin.using(adapters.store(), policy, adapters.ids(), adapters.clock(), random);
    DeliveryAdmin deliveries =
        DeliveryAdmin.using(
            adapters.store(),
            new DeliveryAdmin.Dependencies(
                requests, adapters.renderer(), adapters.ids(), adapters.clock()),
            dispatcher.handoff());
    SignIn signIn = SignIn.using(adapters.store(), access, random, adapters.ticker());
    return new HttpApi.Ports(
        access,
        signIn,
        tokens,
        journal,
        webhooks,
        Stats.using(adapters.store()),
        AuditLog.using(adapters.store()),
        deliveries,
        PayloadErasure.using(adapters.store(), adapters.ids()),
        SignatureDiagnoser.using(new JacksonReserializer()),
        IdempotentRequests.using(adapters.store(), adapters.ids()));
  }

  private static Grant admin() {
    return new Grant(
        TokenId.CONFIGURED_ADMIN,
        BuildServer.STACK.account(),
        Role.ADMIN,
        new StackScope.All(),
        "the operator");
  }

  private static Readiness readiness() {
    return () -> List.of(new Readiness.Check("builds", true, "running"));
  }
}
