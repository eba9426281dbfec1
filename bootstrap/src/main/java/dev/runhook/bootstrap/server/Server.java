package dev.runhook.bootstrap.server;

import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.wiring.DaggerServerComponent;
import dev.runhook.bootstrap.wiring.ServerParts;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.http.server.HttpApi;
import dev.runhook.outbound.egress.DnsEgressFilter;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.http.HttpClientProperties;
import dev.runhook.outbound.trace.OtlpEndpoint;
import dev.runhook.outbound.trace.OtlpSpanExporter;
import dev.runhook.persistence.schema.Durability;
import dev.runhook.persistence.schema.Schema;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running Runhook: starts its parts in order, and stops them in the opposite one so that nothing
/// is sent twice or lost.
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration BEYOND_TIMEOUT = Duration.ofSeconds(5);

  private final Settings settings;
  private final AdminToken adminToken;
  private final Database database;
  private final ServerParts serverParts;
  private final RetentionTimer retention;
  private final TokenUsageTimer uses;
  private final Optional<OtlpSpanExporter> spans;
  private final Javalin http;

  private Server(
      Settings settings,
      AdminToken adminToken,
      Database database,
      ServerParts parts,
      Javalin http) {
    this.settings = settings;
    this.adminToken = adminToken;
    this.database = database;
    this.serverParts = parts;
    this.retention = new RetentionTimer(parts.retention(), parts.idempotentRequests());
    this.uses = new TokenUsageTimer(parts.access());
    this.spans = parts.observability().spans();
    this.http = http;
  }

  /// Starts all parts; when this returns, the server is ready. A [ConfigurationException] says what
  /// keeps it from starting; nothing is left running then.
  public static Server start(Settings settings) {
    HttpClientProperties.set();
    DnsEgressFilter.install(new EgressPolicy(settings.allowedNetworks()), infrastructure(settings));
    ListenAddress.requireAvailable(settings.host(), settings.port());
    AdminToken adminToken = AdminToken.loadOrGenerate(settings);
    Database database = Database.open(settings);
    try {
      requireDurable(settings, database);
      new Schema(database.dispatcherDataSource()).migrate(); // its connections have more patience
      EncryptionStatus.report(settings.encryption(), database.dispatcherDataSource());
      ServerParts parts =
          DaggerServerComponent.factory().create(settings, database, adminToken).parts();
      Server server = new Server(settings, adminToken, database, parts, http(settings, parts));
      server.go();
      return server;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// A receiver that never hears of what a reporter was told is recorded is what we promise not to
  /// let happen.
  private static void requireDurable(Settings settings, Database database) {
    List<String> missing = new Durability(database.dispatcherDataSource()).findDisabledSettings();
    if (missing.isEmpty()) {
      return;
    }
    String what = "the database has " + String.join(", ", missing) + " off";
    if (!settings.allowUnsafeDatabase()) {
      throw new ConfigurationException(
          what
              + " and may lose what it confirmed; turn it on, or set"
              + " RUNHOOK_ALLOW_UNSAFE_DATABASE=true where that may be lost");
    }
    LOG.warn("{} and may lose what it confirmed, as RUNHOOK_ALLOW_UNSAFE_DATABASE allows", what);
  }

  public String url() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return "http://" + host + ":" + http.port();
  }

  public AdminToken adminToken() {
    return adminToken;
  }

  public String databaseDescription() {
    return database.description();
  }

  /// Not ready → takes no more → ends what is under way → gives back the rest → the database last.
  /// Each step has its time, and one that fails keeps none of the others from being taken.
  @Override
  public void close() {
    step("readiness", serverParts.readiness()::drain);
    step("streams of events", serverParts.api()::closeStreams);
    step("HTTP server", http::stop);
    closeEngine();
    step("database", database::close);
  }

  private void go() {
    serverParts.observability().gauges().start();
    if (settings.role().sendsDeliveries()) {
      serverParts.loop().start();
      serverParts.notifier().listen(serverParts.loop()::wake);
    }
    try {
      http.start(settings.host(), settings.port());
    } catch (JavalinBindException e) {
      closeEngine();
      throw ListenAddress.unavailable(
          settings.host(), settings.port(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      closeEngine();
      throw e;
    }
    retention.start(); // it can wait until it is sure that the server stays
    uses.start();
  }

  private void closeEngine() {
    step("retention", retention::close);
    step("uses of tokens", uses::close);
    step("gauges", serverParts.observability().gauges()::close);
    step("bell", serverParts.notifier()::close);
    step("engine", this::stopSending);
    step("work under way", this::endWork);
    step("transport", serverParts.transport()::close);
    spans.ifPresent(exporter -> step("spans", exporter::close));
    step("meters", serverParts.observability().metrics()::close);
  }

  private void stopSending() {
    try {
      if (settings.role().sendsDeliveries()
          && !serverParts.loop().stop(settings.dispatch().timeout().plus(BEYOND_TIMEOUT))) {
        LOG.warn(
            "some attempts did not end in time; they will be made again when their leases end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void endWork() {
    serverParts.executor().shutdown();
    try {
      if (!serverParts
          .executor()
          .awaitTermination(BEYOND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        serverParts.executor().shutdownNow();
      }
    } catch (InterruptedException _) {
      serverParts.executor().shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static void step(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.warn("stopping the {} failed; going on", what, e);
    }
  }

  private static Javalin http(Settings settings, ServerParts parts) {
    return Javalin.create(config -> {
      HttpApi.configure(config, parts.observability().requestObserver());
      if (settings.role().servesApi()) {
        parts.api().mount(config.routes);
        parts.api().mountWebUi(config.routes);
      } else {
        parts.api().mountHealth(config.routes);
      }
    });
  }

  /// Hosts that we must reach although webhooks may not name them.
  private static Set<String> infrastructure(Settings settings) {
    return Stream.concat(
            Stream.of(settings.host(), "localhost"),
            Stream.concat(
                settings.database().map(DatabaseSettings::host).stream(),
                Stream.concat(
                    settings.outbound().proxy().map(EgressProxy::host).stream(),
                    settings.otlpEndpoint().map(OtlpEndpoint::host).stream())))
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toSet());
  }
}
