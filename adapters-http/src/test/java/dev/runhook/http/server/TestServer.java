package dev.runhook.http.server;

import static dev.runhook.testkit.Samples.ACME;
import static dev.runhook.testkit.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryDependencies;
import dev.runhook.application.dispatch.DeliveryTransport;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.account.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.account.IdempotencyKeys.KeyTtl;
import dev.runhook.application.spi.account.IdempotencyKeys.StoredKey;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.stats.Stats;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.diagnosis.DiagnosisJson;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.text.Fingerprint;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.http.account.SettingRoutes.SettingJson;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.SseStreams;
import dev.runhook.http.ingest.SignedNotification;
import dev.runhook.http.webui.WebUiRoutes;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SequentialIdGenerator;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The API on a free port with the real use cases on PostgreSQL, and a client for it.
public final class TestServer implements AutoCloseable {
  public static final String ADMIN = "admin-of-acme-0123456789abcdef";
  public static final String WRITER = "writer-of-acme-0123456789abcdef";
  public static final String READER = "reader-of-acme-0123456789abcdef";
  public static final String STACK_ADMIN = "admin-of-demo-only-0123456789abcdef";
  public static final String OTHER_ACCOUNT = "admin-of-another-account-0123456789abcdef";

  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final DispatchConfig DISPATCH =
      DispatchConfig.of(
          new RetrySchedule(List.of(Duration.ofHours(1))),
          new PausePolicy(10, List.of(Duration.ofHours(1))),
          Duration.ofSeconds(10));

  private static final List<SettingJson> SETTINGS =
      List.of(
          SettingJson.of("RUNHOOK_PORT", "9090", "8080", true, false, "environment"),
          SettingJson.of("RUNHOOK_EGRESS_PROXY", "", "", false, false, "default"),
          SettingJson.of("RUNHOOK_ADMIN_TOKEN", "…", "", true, true, "file /run/secrets/token"),
          SettingJson.of("RUNHOOK_ENCRYPTION_KEY", "", "", false, true, "default"));

  private final AtomicInteger ticks = new AtomicInteger();
  final InstantSource clock = () -> NOON.plusMillis(ticks.incrementAndGet());

  /// The time for token caching and rate limits. It does not advance by itself.
  public final AtomicLong nanos = new AtomicLong();

  public final BreakableStore store = new BreakableStore();
  public final BucketRouter buckets = store.router();
  public final ScriptedTransport transport = new ScriptedTransport(store::isInTransaction);
  final RequestFactory requests =
      new RequestFactory(new WebhookSigner(true), "Runhook/test", DISPATCH);
  public final List<String> routes = new ArrayList<>();
  final AtomicReference<List<Readiness.Check>> checks =
      new AtomicReference<>(List.of(new Readiness.Check("store", true, "fine")));
  private final PayloadRenderer renderer = new EventIdRenderer();

  /// Statistics compare the times of ids with the clock of the database.
  private final IdGenerator ids =
      BreakableStore.BUCKETS.ids(new SequentialIdGenerator(InstantSource.system()));

  private final List<Throwable> failures = new ArrayList<>();
  private final Dispatcher dispatcher =
      new Dispatcher(
          buckets,
          new DeliveryTransport(renderer, requests, transport, new FailureRecorder(failures)),
          DISPATCH,
          new DispatchContext(clock, () -> 0, new SecureRandom(), Runnable::run),
          new OperationalEvents(renderer, ids));
  private final HttpClient client = HttpClient.newHttpClient();
  private final AccessConfig rules;
  private final HttpApi api;
  private final TestHost.Running running;
  private final String prefix;

  public TestServer() {
    this(HttpApi::configure);
  }

  public TestServer(AccessConfig rules) {
    this(javalin(HttpApi::configure), "", api -> api, rules, Role.READER);
  }

  public TestServer(Role secretsVisibleTo) {
    this(javalin(HttpApi::configure), "", api -> api, AccessConfig.defaults(), secretsVisibleTo);
  }

  /// @param host configures the Javalin of a host before the API is mounted
  TestServer(Consumer<JavalinConfig> host) {
    this(javalin(host), "", api -> api);
  }

  /// A host with the API below a prefix.
  TestServer(TestHost host, String prefix, UnaryOperator<HttpApi> change) {
    this(host, prefix, change, AccessConfig.defaults(), Role.READER);
  }

  private TestServer(
      TestHost host,
      String prefix,
      UnaryOperator<HttpApi> change,
      AccessConfig rules,
      Role secretsVisibleTo) {
    this.rules = rules;
    this.prefix = prefix;
    api =
        change.apply(
            new HttpApi(ports(), DISPATCH, checks::get, new SseStreams(POLL_INTERVAL))
                .withVersion("0.1-test")
                .withMetrics(() -> "up 1\n")
                .withSecretsVisibleTo(secretsVisibleTo)
                .withIngestSecrets(SignedNotification.SECRETS)
                .withSettings(ACME, SETTINGS));
    running = host.start(api, routes::add);
  }

  /// A Javalin that serves only the API.
  private static TestHost javalin(Consumer<JavalinConfig> configuration) {
    return (api, routes) ->
        TestHost.javalin(config -> {
          configuration.accept(config);
          config.events.handlerAdded(
              added -> routes.accept(added.getHttpMethod() + " " + added.getPath()));
          api.mount(config.routes, EnumSet.allOf(HttpPart.class));
        });
  }

  private HttpApi.Ports ports() {
    var dependencies = new JournalDependencies(renderer, ids, clock);
    var needs =
        new DeliveryDependencies(requests, transport, renderer, ids, clock, () -> 0, Runnable::run);
    Access access = new Access(buckets.home(), grants(), rules, nanos::get);
    var tokens = new TokenAdmin(buckets.home(), ids, new SecureRandom(), access::invalidate);
    var webhooks = WebhookConfig.of(new EgressPolicy(List.of()), renderer);
    return new HttpApi.Ports(
        access,
        new SignIn(buckets.home(), access, ids, new SecureRandom(), nanos::get),
        tokens,
        new RunJournal(buckets, dependencies, DispatchHandoff.none(), Runnable::run),
        new WebhookAdmin(buckets, webhooks, ids, clock, new SecureRandom()),
        new AccountWebhookAdmin(buckets, webhooks, ids, clock, new SecureRandom()),
        new Stats(buckets),
        new AuditLog(buckets),
        new DeliveryAdmin(buckets, needs, DispatchHandoff.none()),
        new PayloadErasure(buckets, ids),
        DiagnosisJson::diagnose,
        new IdempotentRequests(buckets, ids));
  }

  private static Map<TokenHash, Grant> grants() {
    StackScope all = new StackScope.All();
    StackScope demo = new StackScope.Only(Set.of("demo"));
    return Map.of(
        TokenHash.of(ADMIN), grant(1, ACME, Role.ADMIN, all, "ops"),
        TokenHash.of(WRITER), grant(2, ACME, Role.WRITER, all, "ci"),
        TokenHash.of(READER), grant(3, ACME, Role.READER, all, "page"),
        TokenHash.of(STACK_ADMIN), grant(4, ACME, Role.ADMIN, demo, "demo-ops"),
        TokenHash.of(OTHER_ACCOUNT), grant(5, new AccountId("other"), Role.ADMIN, all, "stranger"));
  }

  private static Grant grant(
      int id, AccountId account, Role role, StackScope stackScope, String name) {
    return new Grant(new TokenId(new UUID(0, id)), account, role, stackScope, name);
  }

  /// Records failures of the dispatcher.
  private record FailureRecorder(List<Throwable> seen) implements DispatchObserver {
    @Override
    public void onError(String doing, Throwable failure) {
      seen.add(failure);
    }
  }

  public int port() {
    return running.port();
  }

  public void closeApi() {
    api.close();
  }

  public void dispatch() {
    dispatcher.poll();
    assertThat(failures).isEmpty();
  }

  /// Returns whether the idempotency key of a POST is marked as committed in a bucket.
  public boolean isCommitted(String path, String key) {
    KeyClaim probe =
        new KeyClaim(
            Fingerprint.of("acme", "POST", ApiResponse.BASE_PATH + path, key),
            new UUID(0, 0),
            Fingerprint.of(""),
            TokenId.CONFIGURED_ADMIN);
    KeyTtl ttl = new KeyTtl(Duration.ofDays(1), Duration.ofDays(1));
    return buckets.all().stream()
        .flatMap(bucket ->
            bucket
                .<Optional<StoredKey>>inTransaction(unit -> {
                  Optional<StoredKey> stored = unit.idempotencyKeys().claim(probe, ttl);
                  unit.idempotencyKeys().release(probe.id(), probe.attempt());
                  return stored;
                })
                .stream())
        .anyMatch(StoredKey::committed);
  }

  public TestResponse getAs(String token, String path) {
    return send(
        rawRequest("GET", "/api/v1" + path, BodyPublishers.noBody())
            .header("Authorization", "Bearer " + token));
  }

  /// @param json the body, or an empty string for none
  public TestResponse sendAs(String token, String method, String path, String json) {
    return send(
        rawRequest(method, "/api/v1" + path, BodyPublishers.ofString(json))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json"));
  }

  public TestResponse get(String path) {
    return send(request("GET", path, BodyPublishers.noBody()));
  }

  public TestResponse delete(String path) {
    return send(request("DELETE", path, BodyPublishers.noBody()));
  }

  public TestResponse put(String path, String json) {
    return send(request("PUT", path, BodyPublishers.ofString(json)));
  }

  public TestResponse post(String path, String json) {
    return send(request("POST", path, BodyPublishers.ofString(json)));
  }

  public TestResponse patch(String path, String json) {
    return send(request("PATCH", path, BodyPublishers.ofString(json)));
  }

  /// A JSON request with the token of an admin.
  ///
  /// @param path below `/api/v1`
  public HttpRequest.Builder request(String method, String path, BodyPublisher body) {
    return rawRequest(method, "/api/v1" + path, body)
        .header("Authorization", "Bearer " + ADMIN)
        .header("Content-Type", "application/json");
  }

  /// A request without a token or a content type.
  public HttpRequest.Builder rawRequest(String method, String path, BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(20))
        .method(method, body);
  }

  /// Sends a request and validates the exchange against `openapi.yaml`. No response may be executed
  /// or framed by a browser.
  public TestResponse send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    HttpResponse<String> response = exchange(request);
    if (isDescribed(request.uri().getRawPath())) {
      OpenApiSpecification.INSTANCE.assertConforms(Exchange.of(request, response, prefix));
      assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }
    return TestResponse.of(response);
  }

  /// Sends a request whose response only a host gives, so that `openapi.yaml` does not have it.
  TestResponse sendUndescribed(HttpRequest.Builder builder) {
    return TestResponse.of(exchange(builder.build()));
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no response", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Returns whether `openapi.yaml` describes the path. A host also serves its own paths.
  private boolean isDescribed(String path) {
    String route = path.startsWith(prefix + "/") ? path.substring(prefix.length()) : "/";
    return !route.startsWith(OpenApiRoutes.REFERENCE_PATH + "/") && !WebUiRoutes.isWebUiPath(route);
  }

  /// Creates the stack `demo`.
  public TestServer withDemoStack() {
    put("/stacks/demo", "{\"name\":\"Demo\"}").is(201);
    return this;
  }

  @Override
  public void close() {
    api.close();
    client.close();
    running.stop().run();
    store.close();
  }
}
