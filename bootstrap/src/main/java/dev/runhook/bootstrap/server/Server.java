package dev.runhook.bootstrap.server;

import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.database.Databases;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.StartupException;
import dev.runhook.bootstrap.trace.OtlpEndpoint;
import dev.runhook.bootstrap.wiring.DaggerServerComponent;
import dev.runhook.bootstrap.wiring.ServerComponent;
import dev.runhook.embedded.PeriodicTask;
import dev.runhook.embedded.StoreGauges;
import dev.runhook.http.server.HttpApi;
import dev.runhook.http.server.HttpPart;
import dev.runhook.outbound.egress.DnsEgressFilter;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.persistence.schema.Installation;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.SecretReencryption;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server. It listens first, starts its other parts once the database is usable, and stops them
/// in reverse order, so that no delivery is lost or sent twice.
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final int RETRIES_PER_WARNING = 60;
  private static final Duration STOP_MARGIN = Duration.ofSeconds(5);
  private static final Duration TASK_STOP_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration TOKEN_INTERVAL = AccessConfig.defaults().ttl().dividedBy(2);
  private static final Duration TOKEN_USAGE_INTERVAL = Duration.ofMinutes(1);
  private static final Duration MONITOR_INTERVAL = Duration.ofSeconds(3);

  private final Settings settings;
  private final AdminToken adminToken;
  private final Databases databases;
  private final ServerComponent parts;
  private final List<PeriodicTask> tasks = new ArrayList<>();
  private final Javalin http;
  private final ReentrantLock starting = new ReentrantLock();
  private volatile boolean started;
  private volatile boolean closing;

  private Server(
      Settings settings, AdminToken adminToken, Databases databases, ServerComponent parts) {
    this.settings = settings;
    this.adminToken = adminToken;
    this.databases = databases;
    this.parts = parts;
    // each database has tasks of its own, because one that does not respond delays them
    for (int i = 0; i < databases.all().size(); i++) {
      String number = i == 0 ? "" : "-" + (i + 1);
      addTask("store-stats" + number, StoreGauges.INTERVAL, parts.storeGauges().get(i)::sample);
      addTask("database" + number, MONITOR_INTERVAL, parts.databaseMonitors().get(i)::sample);
    }
    addTask("tokens", TOKEN_INTERVAL, parts.access()::confirmTokens);
    addTask("token-usage", TOKEN_USAGE_INTERVAL, parts.access()::flush);
    this.http =
        Javalin.create(config -> {
          HttpApi.configure(config, parts.requestObserver(), settings.connectionLimits());
          config.router.javaLangErrorHandler(this::onRequestError);
          boolean servesApi = settings.get(SettingDefinitions.ROLE).servesApi();
          parts
              .api()
              .mount(
                  config.routes,
                  servesApi ? EnumSet.allOf(HttpPart.class) : EnumSet.of(HttpPart.HEALTH));
        });
  }

  /// A process without memory or threads cannot go on. Other errors may be caused by the content of
  /// one request, and must not end the process.
  private void onRequestError(HttpServletResponse response, Error error) {
    response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    if (error instanceof OutOfMemoryError) {
      parts.engine().supervisor().onError("requests", error);
    } else {
      LOG.error("request failed", error);
    }
  }

  private void addTask(String name, Duration interval, Runnable task) {
    tasks.add(new PeriodicTask(name, interval, task, parts.engine().supervisor()));
  }

  /// Starts to listen. From now on `/health/live` responds; everything else needs [#awaitReady].
  ///
  /// @param waits whether to wait while the port is in use
  /// @throws ConfigurationException if the host or the data directory is wrong, or the port is in
  ///   use and this does not wait; nothing is left running then
  public static Server listen(Settings settings, boolean waits) {
    DnsEgressFilter.install(settings.egressPolicy(), infrastructureHosts(settings));
    ListenAddress.requireAvailable(
        settings.get(SettingDefinitions.HOST), settings.get(SettingDefinitions.PORT), waits);
    AdminToken adminToken = AdminToken.loadOrGenerate(settings);
    Databases databases = Databases.of(settings);
    ServerComponent parts = DaggerServerComponent.factory().create(settings, databases, adminToken);
    Server server = new Server(settings, adminToken, databases, parts);
    try {
      server.http.start(
          settings.get(SettingDefinitions.HOST), settings.get(SettingDefinitions.PORT));
    } catch (JavalinBindException e) {
      server.close();
      throw new StartupException(
          ListenAddress.unavailable(
              settings.get(SettingDefinitions.HOST), settings.get(SettingDefinitions.PORT), e),
          e);
    }
    return server;
  }

  /// Waits until the database is usable, however long that takes, and starts everything else.
  /// Returns whether the server is ready, or false if it was closed before that.
  public boolean awaitReady() {
    return awaitReady(Optional.empty());
  }

  /// Does the same, and runs an action as soon as the API works. Servers with the same database do
  /// not run it at the same time. If it fails, the server does not become ready.
  ///
  /// @throws ConfigurationException if the database rejects the connection or is unusable
  /// @throws StartupException if the embedded database does not start
  public boolean awaitReady(Optional<Runnable> bootstrap) {
    for (int failures = 0; ; failures++) {
      starting.lock();
      try {
        if (!closing) {
          startParts(bootstrap);
        }
        return !closing;
      } catch (StoreUnavailableException e) {
        if (failures % RETRIES_PER_WARNING == 0) {
          LOG.warn("{}; retrying", e.getMessage());
        }
      } finally {
        starting.unlock();
      }
      LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
    }
  }

  /// Refuses a database that may lose committed transactions, because a receiver would then never
  /// get an event that was reported as recorded.
  private static void requireDurable(Settings settings, Database database) {
    List<String> unsafe = database.findUnsafeSettings();
    if (unsafe.isEmpty()) {
      return;
    }
    String problem =
        "the database has %s and may lose committed data".formatted(String.join(", ", unsafe));
    String remedy =
        database.isReplicated()
            ? "set synchronous_standby_names, such as 'ANY 1 (*)', and the others to on"
            : "turn it on";
    if (!settings.get(SettingDefinitions.ALLOW_UNSAFE_DATABASE)) {
      throw new ConfigurationException(
          "%s; %s, or set RUNHOOK_ALLOW_UNSAFE_DATABASE=true to accept the risk"
              .formatted(problem, remedy));
    }
    LOG.warn("{} (RUNHOOK_ALLOW_UNSAFE_DATABASE=true)", problem);
  }

  public String url() {
    String host = settings.get(SettingDefinitions.HOST);
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port();
  }

  public AdminToken adminToken() {
    return adminToken;
  }

  public String databaseDescription() {
    return databases.description();
  }

  /// Stops the server: reports it as not ready, refuses new requests, completes the attempts in
  /// flight, releases all other deliveries, and closes the database last. Each step has a timeout,
  /// and a failed step does not prevent the following ones.
  @Override
  public void close() {
    closing = true;
    stop("readiness", parts.readiness()::drain);
    stop("API", parts.api()::close);
    stop("HTTP server", http::stop);
    awaitStartAttempt();
    if (started) {
      stopParts();
    }
    stop("database", databases::close);
  }

  /// An attempt to start that is in progress must not start anything that is not stopped.
  private void awaitStartAttempt() {
    try {
      if (starting.tryLock(STOP_MARGIN.toSeconds(), TimeUnit.SECONDS)) {
        starting.unlock();
      } else {
        LOG.warn("the start is still waiting for the database; stopping anyway");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void startParts(Optional<Runnable> bootstrap) {
    databases.connect();
    databases.all().forEach(database -> requireDurable(settings, database));
    // the connections of the dispatcher have longer timeouts
    List<Schema> schemas = databases.ofBuckets(Database::dispatcherDataSource, Schema::new);
    new Installation(schemas).migrate();
    SecretCipher cipher = settings.encryption().cipher();
    schemas.getFirst().compareSettings(settings.egressPolicy(), cipher);
    databases
        .ofBuckets(
            Database::dispatcherDataSource,
            (source, schema) -> new SecretReencryption(source, cipher, schema).count())
        .stream()
        .reduce(SecretReencryption.Count::plus)
        .ifPresent(count -> EncryptionStatus.report(settings.encryption(), count));
    databases.openForRequests();
    bootstrap.ifPresent(action ->
        new Schema(databases.home().dispatcherDataSource())
            .runAlone("applying the bootstrap file", action));
    started = true;
    tasks.forEach(PeriodicTask::start);
    parts.engine().start();
    parts.readiness().start();
  }

  private void stopParts() {
    tasks.forEach(task -> stop("periodic task", () -> task.stop(TASK_STOP_TIMEOUT)));
    stop("token usage", parts.access()::flush);
    stop("engine", parts.engine()::stop);
    stop("threads", parts.threads()::close);
    stop("transport", parts.transport()::close);
    parts.spanExporter().ifPresent(exporter -> stop("span exporter", exporter::close));
    stop("metrics", parts.metrics()::close);
  }

  private static void stop(String part, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("part", part).setCause(e).log("shutdown step failed; continuing");
    }
  }

  /// Returns the hosts that Runhook itself must reach although webhooks may not use them.
  private static Set<String> infrastructureHosts(Settings settings) {
    Stream<String> databaseHosts =
        Stream.concat(settings.database().stream(), settings.bucketDatabases().stream())
            .map(DatabaseSettings::hosts)
            .flatMap(List::stream);
    Stream<Optional<String>> others =
        Stream.of(
            Optional.of(settings.get(SettingDefinitions.HOST)),
            Optional.of("localhost"),
            settings.find(SettingDefinitions.EGRESS_PROXY).map(EgressProxy::host),
            settings.find(SettingDefinitions.OTLP_ENDPOINT).map(OtlpEndpoint::host));
    return Stream.concat(databaseHosts, others.flatMap(Optional::stream))
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toSet());
  }
}
