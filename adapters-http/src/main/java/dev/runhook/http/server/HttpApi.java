package dev.runhook.http.server;

import static io.javalin.http.HandlerType.GET;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.signing.IngestSecret;
import dev.runhook.http.account.AuditRoutes;
import dev.runhook.http.account.SessionRoutes;
import dev.runhook.http.account.SettingRoutes;
import dev.runhook.http.account.SettingRoutes.SettingJson;
import dev.runhook.http.account.TokenRoutes;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.IdempotencyFilter;
import dev.runhook.http.api.Placement;
import dev.runhook.http.api.RequestId;
import dev.runhook.http.api.RequestScheduler;
import dev.runhook.http.api.Routes;
import dev.runhook.http.api.SseStreams;
import dev.runhook.http.delivery.CancellationRoutes;
import dev.runhook.http.delivery.DeliveryRoutes;
import dev.runhook.http.delivery.DryRunRoutes;
import dev.runhook.http.delivery.ReplayRoutes;
import dev.runhook.http.delivery.SearchRoutes;
import dev.runhook.http.delivery.StatsRoutes;
import dev.runhook.http.ingest.IngestRoutes;
import dev.runhook.http.json.Json;
import dev.runhook.http.json.Problem;
import dev.runhook.http.run.RunRoutes;
import dev.runhook.http.run.StackRoutes;
import dev.runhook.http.security.Authenticator;
import dev.runhook.http.security.HostUsers;
import dev.runhook.http.server.RequestObserver.CompletedRequest;
import dev.runhook.http.webhook.AccountWebhookRoutes;
import dev.runhook.http.webhook.SignatureDiagnosis;
import dev.runhook.http.webhook.SignatureRoutes;
import dev.runhook.http.webhook.WebhookRoutes;
import dev.runhook.http.webui.WebUiRoutes;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jetty.server.handler.GracefulHandler;

/// The HTTP API and the web UI: for a server's own Javalin with [#configure] and [#mount], and for
/// any host as a [#servlet].
public final class HttpApi implements AutoCloseable {
  private static final String HEALTH_PATH = "/health";
  private static final String METRICS_PATH = "/metrics";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /// Longer than the slowest response: a request waits up to 8 s for an unreachable database.
  static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

  /// The maximum time to receive the headers of a request, and then its body.
  private static final Duration REQUEST_DEADLINE = Duration.ofSeconds(30);

  private final Ports ports;
  private final DispatchConfig dispatch;
  private final Readiness readiness;
  private final Optional<Metrics> metrics;
  private final Role secretsVisibleTo;
  private final List<IngestSecret> ingestSecrets;
  private final SettingRoutes settings;
  private final String version;
  private final Placement placement;
  private final Optional<Function<HttpServletRequest, Optional<Grant>>> host;
  private final SseStreams streams;
  private final RequestScheduler scheduler = new RequestScheduler();

  /// @param dispatch the configuration of the dispatchers that send the deliveries
  public HttpApi(Ports ports, DispatchConfig dispatch, Readiness readiness) {
    this(ports, dispatch, readiness, new SseStreams());
  }

  HttpApi(Ports ports, DispatchConfig dispatch, Readiness readiness, SseStreams streams) {
    this(
        ports,
        dispatch,
        readiness,
        streams,
        Optional.empty(),
        Role.READER,
        List.of(),
        new SettingRoutes(Optional.empty(), List.of()),
        "",
        Placement.ONE_DATABASE,
        Optional.empty());
  }

  private HttpApi(
      Ports ports,
      DispatchConfig dispatch,
      Readiness readiness,
      SseStreams streams,
      Optional<Metrics> metrics,
      Role secretsVisibleTo,
      List<IngestSecret> ingestSecrets,
      SettingRoutes settings,
      String version,
      Placement placement,
      Optional<Function<HttpServletRequest, Optional<Grant>>> host) {
    this.ports = ports;
    this.dispatch = dispatch;
    this.readiness = readiness;
    this.streams = streams;
    this.metrics = metrics;
    this.secretsVisibleTo = secretsVisibleTo;
    this.ingestSecrets = List.copyOf(ingestSecrets);
    this.settings = settings;
    this.version = version;
    this.placement = placement;
    this.host = host;
  }

  /// Returns a copy that also serves `/metrics`, which are scraped once a second at most.
  public HttpApi withMetrics(Metrics metrics) {
    Metrics cached = new CachedMetrics(metrics, System::nanoTime);
    return with(
        Optional.of(cached), secretsVisibleTo, ingestSecrets, settings, version, placement, host);
  }

  /// Returns a copy in which only this role and higher ones can read the secrets of webhooks.
  public HttpApi withSecretsVisibleTo(Role lowest) {
    return with(metrics, lowest, ingestSecrets, settings, version, placement, host);
  }

  /// Returns a copy that accepts the notifications of other platforms that these secrets sign.
  public HttpApi withIngestSecrets(List<IngestSecret> secrets) {
    return with(metrics, secretsVisibleTo, secrets, settings, version, placement, host);
  }

  /// Returns a copy that also shows these settings of the server.
  ///
  /// @param operator the account whose admins see them
  public HttpApi withSettings(AccountId operator, List<SettingJson> settings) {
    SettingRoutes routes = new SettingRoutes(Optional.of(operator), settings);
    return with(metrics, secretsVisibleTo, ingestSecrets, routes, version, placement, host);
  }

  /// Returns a copy that reports this version of the server to clients.
  public HttpApi withVersion(String text) {
    return with(metrics, secretsVisibleTo, ingestSecrets, settings, text, placement, host);
  }

  /// Returns a copy for an installation with several databases. Requests that wait for one of them
  /// do not delay the others.
  public HttpApi withPlacement(Placement databases) {
    return with(metrics, secretsVisibleTo, ingestSecrets, settings, version, databases, host);
  }

  /// Returns a copy for a host that signs its users in. Tokens are still accepted, but no sessions,
  /// and the web UI does not ask for a token. Nothing is served to others, except health.
  ///
  /// @param account the account of the host's stacks
  public HttpApi withHostUsers(AccountId account, HostUsers users) {
    return with(
        metrics,
        secretsVisibleTo,
        ingestSecrets,
        settings,
        version,
        placement,
        Optional.of(request -> users.find(request).map(user -> user.grant(account))));
  }

  private HttpApi with(
      Optional<Metrics> newMetrics,
      Role lowest,
      List<IngestSecret> secrets,
      SettingRoutes routes,
      String text,
      Placement databases,
      Optional<Function<HttpServletRequest, Optional<Grant>>> hostGrants) {
    return new HttpApi(
        ports,
        dispatch,
        readiness,
        streams,
        newMetrics,
        lowest,
        secrets,
        routes,
        text,
        databases,
        hostGrants);
  }

  /// The driving ports that the API calls.
  public record Ports(
      Access access,
      SignIn signIn,
      TokenAdmin tokens,
      RunJournal journal,
      WebhookAdmin webhooks,
      AccountWebhookAdmin accountWebhooks,
      Stats stats,
      AuditLog audit,
      DeliveryAdmin deliveries,
      PayloadErasure erasure,
      SignatureDiagnosis diagnosis,
      IdempotentRequests idempotentRequests) {}

  /// Returns a servlet that serves these parts below any prefix of a host.
  public HttpApiServlet servlet(Set<HttpPart> parts) {
    return new HttpApiServlet(config -> {
      configure(config);
      mount(config.routes, parts);
    });
  }

  /// Adds the routes of these parts.
  public void mount(RoutesConfig config, Set<HttpPart> parts) {
    if (host.isPresent()) {
      config.before(this::requireHostUser);
    }
    Authenticator authenticator = new Authenticator(ports.access(), ports.signIn(), host);
    IdempotencyFilter idempotency = new IdempotencyFilter(ports.idempotentRequests());
    Routes routes =
        new Routes(
            config, ports.access(), authenticator, streams, idempotency, scheduler, placement);
    for (HttpPart part : parts) {
      switch (part) {
        case API -> mountApi(routes);
        case WEB_UI -> WebUi.ROUTES.withAttributes(pageAttributes(parts)).mount(config);
        case DOCS -> new OpenApiRoutes().mount(routes);
        case HEALTH -> mountHealth(routes);
      }
    }
  }

  private List<String> pageAttributes(Set<HttpPart> parts) {
    List<String> attributes = new ArrayList<>();
    if (host.isPresent()) {
      attributes.add("data-host");
    }
    if (!parts.contains(HttpPart.DOCS)) {
      attributes.add("data-no-docs");
    }
    return attributes;
  }

  private void mountApi(Routes routes) {
    new StackRoutes(ports.journal(), ports.stats()).mount(routes);
    new RunRoutes(ports.journal(), ports.access()).mount(routes);
    new WebhookRoutes(
            ports.webhooks(), ports.deliveries(), ports.stats(), dispatch, secretsVisibleTo)
        .mount(routes);
    new AccountWebhookRoutes(ports.accountWebhooks(), ports.deliveries()).mount(routes);
    new DeliveryRoutes(ports.deliveries(), ports.erasure()).mount(routes);
    new SearchRoutes(ports.deliveries()).mount(routes);
    new DryRunRoutes(ports.stats()).mount(routes);
    new StatsRoutes(ports.stats()).mount(routes);
    new ReplayRoutes(ports.deliveries()).mount(routes);
    new CancellationRoutes(ports.deliveries()).mount(routes);
    new TokenRoutes(ports.tokens()).mount(routes);
    new SessionRoutes(ports.signIn(), scheduler, secretsVisibleTo, version, host.isEmpty())
        .mount(routes);
    new SignatureRoutes(ports.access(), ports.webhooks(), ports.diagnosis()).mount(routes);
    new AuditRoutes(ports.audit()).mount(routes);
    new IngestRoutes(ingestSecrets, ports.journal(), ports.access(), scheduler, placement)
        .mount(routes);
    settings.mount(routes);
  }

  /// Refuses files to those who are not users of the host. The routes of the API authenticate
  /// themselves, and also accept tokens.
  private void requireHostUser(Context context) {
    String path = context.path().substring(context.contextPath().length());
    boolean isOpen =
        Stream.of(ApiResponse.BASE_PATH, HEALTH_PATH, METRICS_PATH)
            .anyMatch(base -> path.equals(base) || path.startsWith(base + "/"));
    if (!isOpen && host.flatMap(users -> users.apply(context.req())).isEmpty()) {
      ApiResponse.of(
              Problem.of(401, "not-authenticated", "only users of this service may see this"))
          .write(context);
      context.skipRemainingHandlers();
    }
  }

  /// Closes all event streams, which would otherwise delay the server's shutdown, and ends the
  /// platform threads. Clients of streams reconnect by themselves.
  @Override
  public void close() {
    streams.close();
    scheduler.close();
  }

  private void mountHealth(Routes routes) {
    routes.open(GET, HEALTH_PATH + "/live", ignored -> ApiResponse.ok(new LiveJson("live")));
    routes.open(GET, HEALTH_PATH + "/ready", ignored -> ready());
    metrics.ifPresent(source ->
        // public, because metrics contain no names or ids of users
        routes.raw(METRICS_PATH, () -> ApiResponse.ofText(200, METRICS_TYPE, source.scrape())));
  }

  private ApiResponse ready() {
    List<Readiness.Check> checks = readiness.checks();
    return readiness.isReady(checks)
        ? ApiResponse.ok(new ReadyJson("ready", checks))
        : ApiResponse.of(503, new ReadyJson("not ready", checks));
  }

  record LiveJson(String status) {}

  record ReadyJson(String status, List<Readiness.Check> checks) {}

  /// Configures a Javalin that serves nothing but Runhook: virtual threads, bodies of up to 1 MiB,
  /// 405 for a known path, no banner, and problem documents even for requests too malformed to
  /// reach a route. When it stops, it finishes open requests for up to [#STOP_TIMEOUT] and rejects
  /// new ones with 503.
  ///
  /// The connection of a client that takes longer than 30 seconds to send the headers or the body
  /// of a request is closed. `X-HTTP-Method-Override` is ignored.
  ///
  /// @param observer is notified of each completed request
  public static void configure(
      JavalinConfig config, RequestObserver observer, ConnectionLimits connections) {
    configure(config, REQUEST_DEADLINE, connections);
    config.routes.before(RequestId::assign);
    config.requestLogger.http(
        (context, millis) -> observer.onRequest(CompletedRequest.of(context, millis)));
  }

  /// Configures a Javalin in the same way, without an observer and with
  /// [ConnectionLimits#defaults].
  public static void configure(JavalinConfig config) {
    configure(config, REQUEST_DEADLINE, ConnectionLimits.defaults());
  }

  static void configure(
      JavalinConfig config, Duration requestDeadline, ConnectionLimits connections) {
    config.concurrency.useVirtualThreads = true;
    config.http.maxRequestSize = Json.MAX_BYTES;
    config.http.prefer405over404 = true;
    config.http.compressionStrategy = CompressionStrategy.NONE; // files are compressed in advance
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    FallbackErrors.mount(config.routes);
    config.jetty.modifyServer(server -> {
      server.setErrorHandler(new JettyErrorHandler());
      // Javalin adds its own handler inside the innermost one
      server.setHandler(
          new RequestDeadlineHandler(
              requestDeadline,
              new ConnectionLimiter(connections),
              new MethodOverrideRemover(new GracefulHandler())));
      server.setStopTimeout(STOP_TIMEOUT.toMillis());
    });
  }

  /// Reads and digests the files once, for all APIs of this JVM.
  private static final class WebUi {
    static final WebUiRoutes ROUTES = WebUiRoutes.read();
  }
}
