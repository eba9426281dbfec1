package dev.runhook.http.server;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.diagnosis.SignatureDiagnoser;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.http.account.AuditRoutes;
import dev.runhook.http.account.SessionRoutes;
import dev.runhook.http.account.TokenRoutes;
import dev.runhook.http.api.IdempotencyFilter;
import dev.runhook.http.api.ProblemMapper;
import dev.runhook.http.api.RequestId;
import dev.runhook.http.api.Routes;
import dev.runhook.http.api.SseStreams;
import dev.runhook.http.delivery.DeliveryRoutes;
import dev.runhook.http.delivery.PayloadRoutes;
import dev.runhook.http.run.RunRoutes;
import dev.runhook.http.run.StackRoutes;
import dev.runhook.http.run.TransitionBatchRoutes;
import dev.runhook.http.security.Authenticator;
import dev.runhook.http.stats.StatsRoutes;
import dev.runhook.http.webhook.SignatureRoutes;
import dev.runhook.http.webhook.WebhookRoutes;
import dev.runhook.http.webui.WebUiRoutes;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.handler.GracefulHandler;

/// The API of Runhook, `/api/v1`, `/health` and `/openapi.yaml`, for any Javalin:
/// `Javalin.create(config -> api.mount(config.routes))`.
///
/// It answers every request below these paths by itself, errors included, and touches nothing else
/// of its host.
public final class HttpApi {
  public static final String BASE_PATH = "/api/v1";
  static final String HEALTH_PATH = "/health";
  public static final int MAX_BODY_SIZE = 1024 * 1024;

  /// Longer than the slowest answer: a database that is away is given 8 s.
  static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

  /// For a request to be there whole: headers, and then the body.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Ports ports;
  private final Readiness readiness;
  private final Optional<Metrics> metrics;
  private final SseStreams streams = new SseStreams();

  public HttpApi(Ports ports, Readiness readiness) {
    this(ports, readiness, Optional.empty());
  }

  private HttpApi(Ports ports, Readiness readiness, Optional<Metrics> metrics) {
    this.ports = ports;
    this.readiness = readiness;
    this.metrics = metrics;
  }

  /// The same with `/metrics` besides.
  public HttpApi withMetrics(Metrics shown) {
    return new HttpApi(ports, readiness, Optional.of(shown));
  }

  /// The conversations that the API is a way to.
  public record Ports(
      Access access,
      SignIn signIn,
      TokenAdmin tokens,
      RunJournal journal,
      WebhookAdmin webhooks,
      Stats stats,
      AuditLog audit,
      DeliveryAdmin deliveries,
      PayloadErasure erasure,
      SignatureDiagnoser diagnoser,
      IdempotentRequests idempotentRequests) {}

  /// Adds the routes, and problems as answers to what no route is for.
  public void mount(RoutesConfig config) {
    Routes routes = routes(config);
    new StackRoutes(ports.journal()).mount(routes);
    new StatsRoutes(ports.stats()).mount(routes);
    new RunRoutes(ports.journal()).mount(routes);
    new TransitionBatchRoutes(ports.journal(), ports.access()).mount(routes);
    new WebhookRoutes(ports.webhooks(), ports.audit()).mount(routes);
    new DeliveryRoutes(ports.deliveries()).mount(routes);
    new PayloadRoutes(ports.erasure()).mount(routes);
    new TokenRoutes(ports.tokens()).mount(routes);
    new SessionRoutes(ports.signIn()).mount(routes);
    new SignatureRoutes(ports.access(), ports.webhooks(), ports.diagnoser()).mount(routes);
    new AuditRoutes(ports.audit()).mount(routes);
    mountService(routes);
    new OpenApiRoutes().mount(routes);
    new FallbackErrors().mount(config);
  }

  /// Adds health and metrics alone, for a process that sends and takes no requests.
  public void mountHealth(RoutesConfig config) {
    mountService(routes(config));
    new FallbackErrors().mount(config);
  }

  /// Adds the web page, at `/` and below `/assets`: for a Javalin whose root is ours.
  public void mountWebUi(RoutesConfig config) {
    new WebUiRoutes().mount(config);
  }

  /// Ends the streams of events, which would keep a server from stopping; those who read them come
  /// back by themselves.
  public void closeStreams() {
    streams.close();
  }

  private Routes routes(RoutesConfig config) {
    Authenticator authenticator = new Authenticator(ports.access(), ports.signIn());
    ProblemMapper problemMapper = new ProblemMapper();
    IdempotencyFilter idempotencyFilter =
        new IdempotencyFilter(ports.idempotentRequests(), problemMapper);
    return new Routes(
        config,
        ports.access(),
        new Routes.Filters(authenticator, streams, idempotencyFilter, problemMapper));
  }

  private void mountService(Routes routes) {
    new HealthRoutes(readiness).mount(routes);
    metrics.ifPresent(shown -> new MetricsRoutes(shown).mount(routes));
  }

  /// Sets up a Javalin of our own: virtual threads, bodies up to 1 MiB, 405 for a known path, no
  /// banner, and problems even where a request is so malformed that no route sees it. When it is
  /// stopped, requests under way are answered, for up to [#STOP_TIMEOUT], and new ones are told
  /// that it stops. A host with a Javalin of its own does as it likes.
  ///
  /// A client that takes longer than half a minute for the headers of a request, or for its body,
  /// is cut off.
  ///
  /// @param observer is told of each answered request
  public static void configure(JavalinConfig config, RequestObserver observer) {
    configure(config);
    config.routes.before(RequestId::assign);
    config.requestLogger.http(new RequestLogAdapter(observer));
  }

  /// The same without telling anybody of requests.
  public static void configure(JavalinConfig config) {
    configure(config, PATIENCE);
  }

  static void configure(JavalinConfig config, Duration patience) {
    config.concurrency.useVirtualThreads = true;
    config.http.maxRequestSize = MAX_BODY_SIZE;
    config.http.prefer405over404 = true;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    new FallbackErrors().mountOnAllPaths(config.routes);
    config.jetty.modifyServer(server -> {
      server.setErrorHandler(new JettyErrorHandler());
      // Javalin puts itself into the innermost
      server.setHandler(new RequestDeadlineHandler(patience, new GracefulHandler()));
      server.setStopTimeout(STOP_TIMEOUT.toMillis());
    });
  }
}
