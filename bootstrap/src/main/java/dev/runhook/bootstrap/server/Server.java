package dev.runhook.bootstrap.server;

import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.wiring.DaggerServerComponent;
import dev.runhook.bootstrap.wiring.ServerComponent;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.http.server.HttpApi;
import dev.runhook.outbound.egress.DnsEgressFilter;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.trace.OtlpEndpoint;
import dev.runhook.persistence.schema.Schema;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server. It starts its parts in order and stops them in reverse order, so that no
/// delivery is lost or sent twice.
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration STOP_MARGIN = Duration.ofSeconds(5);
  private static final Duration RETENTION_INTERVAL = Duration.ofHours(3);
  private static final Duration TOKEN_USAGE_INTERVAL = Duration.ofMinutes(1);
  private static final Duration STORE_STATS_INTERVAL = Duration.ofSeconds(15);

  private final Settings settings;
  private final AdminToken adminToken;
  private final Database database;
  private final ServerComponent parts;
  private final DispatchLoop dispatchLoop;
  private final PeriodicTask retention;
  private final PeriodicTask tokenUsage;
  private final PeriodicTask storeStats;
  private final Javalin http;

  private Server(
      Settings settings, AdminToken adminToken, Database database, ServerComponent parts) {
    this.settings = settings;
    this.adminToken = adminToken;
    this.database = database;
    this.parts = parts;
    this.dispatchLoop = new DispatchLoop(parts.dispatcher(), parts.dispatchObserver());
    this.retention = new PeriodicTask("retention", RETENTION_INTERVAL, this::applyRetention);
    this.tokenUsage = new PeriodicTask("token-usage", TOKEN_USAGE_INTERVAL, parts.access()::flush);
    this.storeStats =
        new PeriodicTask("store-stats", STORE_STATS_INTERVAL, parts.storeGauges()::sample);
    this.http =
        Javalin.create(config -> {
          HttpApi.configure(config, parts.requestObserver());
          if (settings.role().servesApi()) {
            parts.api().mount(config.routes);
            parts.api().mountWebUi(config.routes);
          } else {
            parts.api().mountHealth(config.routes);
          }
        });
  }

  /// Starts a server. When this method returns, the server is ready.
  ///
  /// @throws ConfigurationException if the server cannot start; nothing is left running then
  public static Server start(Settings settings) {
    DnsEgressFilter.install(
        new EgressPolicy(settings.allowedNetworks()), infrastructureHosts(settings));
    ListenAddress.requireAvailable(settings.host(), settings.port());
    AdminToken adminToken = AdminToken.loadOrGenerate(settings);
    Database database = Database.open(settings);
    try {
      requireDurable(settings, database);
      // these connections have longer timeouts
      new Schema(database.dispatcherDataSource()).migrate();
      EncryptionStatus.report(settings.encryption(), database.dispatcherDataSource());
      ServerComponent parts =
          DaggerServerComponent.factory().create(settings, database, adminToken);
      Server server = new Server(settings, adminToken, database, parts);
      server.startParts();
      return server;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// Refuses a database that may lose committed transactions, because a receiver would then never
  /// get an event that was reported as recorded.
  private static void requireDurable(Settings settings, Database database) {
    List<String> disabled =
        new Schema(database.dispatcherDataSource()).findDisabledDurabilitySettings();
    if (disabled.isEmpty()) {
      return;
    }
    String problem =
        "the database has %s off and may lose committed data"
            .formatted(String.join(", ", disabled));
    if (!settings.allowUnsafeDatabase()) {
      throw new ConfigurationException(
          problem + "; turn it on, or set RUNHOOK_ALLOW_UNSAFE_DATABASE=true to accept the risk");
    }
    LOG.warn("{} (RUNHOOK_ALLOW_UNSAFE_DATABASE=true)", problem);
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

  /// Stops the server: reports it as not ready, refuses new requests, completes the attempts in
  /// flight, releases all other deliveries, and closes the database last. Each step has a timeout,
  /// and a failed step does not prevent the following ones.
  @Override
  public void close() {
    stop("readiness", parts.readiness()::drain);
    stop("event streams", parts.api()::closeStreams);
    stop("HTTP server", http::stop);
    stopParts();
    stop("database", database::close);
  }

  private void startParts() {
    storeStats.start();
    if (settings.role().sendsDeliveries()) {
      dispatchLoop.start();
      parts.notifier().listen(dispatchLoop::wake);
    }
    try {
      http.start(settings.host(), settings.port());
    } catch (RuntimeException e) {
      stopParts();
      throw e instanceof JavalinBindException
          ? ListenAddress.unavailable(
              settings.host(), settings.port(), String.valueOf(e.getMessage()))
          : e;
    }
    retention.start(); // only now is it certain that the server stays up
    tokenUsage.start();
  }

  private void stopParts() {
    stop("retention", () -> retention.stop(STOP_MARGIN));
    stop("store statistics", () -> storeStats.stop(Duration.ZERO));
    stop("token usage", () -> tokenUsage.stop(Duration.ZERO));
    stop("token usage", parts.access()::flush);
    stop("notifier", parts.notifier()::close);
    stop("dispatcher", this::stopDispatcher);
    stop("executor", () -> PeriodicTask.shutDown(parts.executor(), STOP_MARGIN));
    stop("transport", parts.transport()::close);
    parts.spanExporter().ifPresent(exporter -> stop("span exporter", exporter::close));
    stop("metrics", parts.metrics()::close);
  }

  private void stopDispatcher() {
    try {
      if (settings.role().sendsDeliveries()
          && !dispatchLoop.stop(settings.dispatch().timeout().plus(STOP_MARGIN))) {
        LOG.warn(
            "some attempts did not finish in time; they are repeated when their leases expire");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(String part, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("part", part).setCause(e).log("shutdown step failed; continuing");
    }
  }

  private void applyRetention() {
    int partitions = parts.retention().apply();
    if (partitions > 0) {
      LOG.info("dropped {} expired partitions", partitions);
    }
    int keys = parts.idempotentRequests().deleteExpired();
    LOG.debug("deleted {} expired idempotency keys", keys);
  }

  /// Returns the hosts that Runhook itself must reach although webhooks may not use them.
  private static Set<String> infrastructureHosts(Settings settings) {
    return Stream.of(
            Optional.of(settings.host()),
            Optional.of("localhost"),
            settings.database().map(DatabaseSettings::host),
            settings.outbound().proxy().map(EgressProxy::host),
            settings.otlpEndpoint().map(OtlpEndpoint::host))
        .flatMap(Optional::stream)
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toSet());
  }
}
