package com.example.portal;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.stats.Stats;
import dev.runhook.diagnosis.DiagnosisJson;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.embedded.Runhook;
import dev.runhook.embedded.UuidV7IdGenerator;
import dev.runhook.http.server.HttpApi;
import dev.runhook.http.server.Readiness;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/// Runhook's REST API, for a Javalin of the service.
///
/// @param access checks tokens; a timer must flush it, so that the last use of tokens is stored
public record RunhookApi(HttpApi http, Access access) {
  /// @param adminToken grants access to the API
  static RunhookApi of(Runhook runhook, String adminToken) {
    Transactor store = runhook.transactor();
    IdGenerator ids = new UuidV7IdGenerator();
    SecureRandom random = new SecureRandom();
    Grant admin =
        new Grant(
            TokenId.CONFIGURED_ADMIN,
            runhook.stack("portal").account(),
            Role.ADMIN,
            new StackScope.All(),
            "the operator");
    Access access =
        new Access(
            store,
            Map.of(TokenHash.of(adminToken), admin),
            AccessConfig.defaults(),
            System::nanoTime);
    HttpApi.Ports ports =
        new HttpApi.Ports(
            access,
            new SignIn(store, access, ids, random, System::nanoTime),
            new TokenAdmin(store, ids, random, access::invalidate),
            runhook.journal(),
            runhook.webhooks(),
            runhook.accountWebhooks(),
            new Stats(store),
            new AuditLog(store),
            runhook.deliveries(),
            new PayloadErasure(store, ids),
            DiagnosisJson::diagnose,
            new IdempotentRequests(store, ids));
    Readiness readiness = () -> List.of(checkDatabase(store));
    return new RunhookApi(new HttpApi(ports, runhook.dispatchConfig(), readiness), access);
  }

  private static Readiness.Check checkDatabase(Transactor store) {
    try {
      store.inTransaction(UnitOfWork::now);
      return new Readiness.Check("database", true, "reachable");
    } catch (StoreUnavailableException e) {
      return new Readiness.Check("database", false, e.getMessage());
    }
  }
}
