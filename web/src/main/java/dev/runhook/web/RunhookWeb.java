package dev.runhook.web;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.stats.Stats;
import dev.runhook.diagnosis.DiagnosisJson;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.embedded.Engine;
import dev.runhook.embedded.PeriodicTask;
import dev.runhook.embedded.Runhook;
import dev.runhook.http.security.HostUsers;
import dev.runhook.http.server.HttpApi;
import dev.runhook.http.server.HttpApiServlet;
import dev.runhook.http.server.HttpPart;
import dev.runhook.http.server.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The HTTP API and the web UI of an embedded [Runhook], below any prefix of the host:
///
/// ```java
/// RunhookWeb web = RunhookWeb.forUsers(runhook, users);
/// context.addServlet(web.servlet(), "/runhook/*"); // in a servlet container
/// web.servlet().mount(config.routes, "/runhook"); // in the host's Javalin
/// server.createContext("/runhook", new HttpApiHandler(web.servlet())); // in a HttpServer
/// ```
///
/// Close it before the host's web server, which would otherwise wait for event streams.
public final class RunhookWeb implements AutoCloseable {
  private static final Duration TOKEN_USAGE_INTERVAL = Duration.ofMinutes(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  private final HttpApi api;
  private final Access access;
  private final PeriodicTask tokenUsage;

  private RunhookWeb(HttpApi api, Access access, Runhook runhook) {
    this.api = api;
    this.access = access;
    this.tokenUsage =
        new PeriodicTask(
            "runhook-token-usage", TOKEN_USAGE_INTERVAL, access::flush, runhook.supervisor());
    tokenUsage.start();
  }

  /// Serves the users whom the host has signed in, and programs that send a token which an
  /// administrator among the users has created. Only administrators see the secrets of webhooks.
  public static RunhookWeb forUsers(Runhook runhook, HostUsers users) {
    Access access = access(runhook, Map.of());
    HttpApi api = apiOf(runhook, access).withHostUsers(runhook.account(), users);
    return new RunhookWeb(api, access, runhook);
  }

  /// Serves everybody who has a token. Users enter it in the web UI.
  ///
  /// @param adminToken the token of the first administrator, who can create others
  public static RunhookWeb forTokens(Runhook runhook, String adminToken) {
    Grant admin =
        new Grant(
            TokenId.CONFIGURED_ADMIN,
            runhook.account(),
            Role.ADMIN,
            new StackScope.All(),
            "first admin");
    Access access = access(runhook, Map.of(TokenHash.of(adminToken), admin));
    return new RunhookWeb(apiOf(runhook, access), access, runhook);
  }

  private static Access access(Runhook runhook, Map<TokenHash, Grant> fixed) {
    return new Access(runhook.transactor(), fixed, AccessConfig.defaults(), System::nanoTime);
  }

  private static HttpApi apiOf(Runhook runhook, Access access) {
    return apiOf(
            runhook.engine(), access, () -> List.of(checkDatabase(runhook), checkThreads(runhook)))
        .withSecretsVisibleTo(Role.ADMIN);
  }

  /// Composes the API of an engine, for a host that has its own.
  public static HttpApi apiOf(Engine engine, Access access, Readiness readiness) {
    BucketRouter buckets = engine.parts().stores().requests();
    IdGenerator ids = engine.parts().journal().ids();
    DispatchContext context = engine.parts().context();
    return new HttpApi(
        new HttpApi.Ports(
            access,
            new SignIn(buckets.home(), access, ids, context.random(), context.ticker()),
            new TokenAdmin(buckets.home(), ids, context.random(), access::invalidate),
            engine.journal(),
            engine.webhooks(),
            engine.accountWebhooks(),
            new Stats(buckets),
            new AuditLog(buckets),
            engine.deliveries(),
            new PayloadErasure(buckets, ids),
            DiagnosisJson::diagnose,
            engine.idempotentRequests()),
        engine.dispatchConfig(),
        readiness);
  }

  private static Readiness.Check checkDatabase(Runhook runhook) {
    try {
      runhook.transactor().inTransaction(UnitOfWork::now);
      return new Readiness.Check("database", true, "reachable");
    } catch (StoreUnavailableException e) {
      return new Readiness.Check("database", false, String.valueOf(e.getMessage()));
    }
  }

  private static Readiness.Check checkThreads(Runhook runhook) {
    return runhook
        .supervisor()
        .findProblem()
        .map(problem -> new Readiness.Check("threads", false, problem))
        .orElseGet(() -> new Readiness.Check("threads", true, "running"));
  }

  /// Returns a servlet that serves the API, the web UI and the reference of the API.
  public HttpApiServlet servlet() {
    return servlet(Set.of(HttpPart.API, HttpPart.WEB_UI, HttpPart.DOCS));
  }

  /// Returns a servlet that serves these parts.
  public HttpApiServlet servlet(Set<HttpPart> parts) {
    return api.servlet(parts);
  }

  /// Ends event streams and threads, and stores when tokens were last used. Does not close Runhook.
  @Override
  public void close() {
    api.close();
    tokenUsage.stop(STOP_TIMEOUT);
    access.flush();
  }
}
