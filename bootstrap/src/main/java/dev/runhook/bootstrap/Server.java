package dev.runhook.bootstrap;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.http.HttpApi;
import dev.runhook.outbound.EgressGuard;
import dev.runhook.outbound.EgressProxy;
import dev.runhook.outbound.SpanCollector;
import dev.runhook.persistence.Durability;
import dev.runhook.persistence.Schema;
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
final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration BEYOND_TIMEOUT = Duration.ofSeconds(5);

  private final Settings settings;
  private final AdminToken adminToken;
  private final Database database;
  private final Parts parts;
  private final RetentionTimer retention;
  private final UseTimer uses;
  private final Optional<SpanTimer> spans;
  private final Javalin http;

  private Server(
      Settings settings, AdminToken adminToken, Database database, Parts parts, Javalin http) {
    this.settings = settings;
    this.adminToken = adminToken;
    this.database = database;
    this.parts = parts;
    this.retention = new RetentionTimer(parts.retention(), parts.repeats());
    this.uses = new UseTimer(parts.access());
    this.spans = parts.watching().spans().map(SpanTimer::new);
    this.http = http;
  }

  /// Starts all parts; when this returns, the server is ready. A [ConfigurationException] says what
  /// keeps it from starting; nothing is left running then.
  static Server start(Settings settings) {
    EgressGuard.install(new EgressPolicy(settings.allowedNetworks()), infrastructure(settings));
    ListenAddress.requireFree(settings.host(), settings.port());
    AdminToken adminToken = AdminToken.of(settings);
    Database database = Database.open(settings);
    try {
      requireDurable(settings, database);
      new Schema(database.enginePool()).migrate(); // its connections have more patience
      SecretsAtRest.report(settings.encryption(), database.enginePool());
      Parts parts = DaggerServerComponent.factory().create(settings, database, adminToken).parts();
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
    List<String> missing = new Durability(database.enginePool()).missing();
    if (missing.isEmpty()) {
      return;
    }
    String what = "the database has " + String.join(", ", missing) + " off";
    if (!settings.allowUnsafeDatabase()) {
      throw new ConfigurationException(
          what
              + " and may lose what it confirmed; turn it on, or set RUNHOOK_ALLOW_UNSAFE_DATABASE=true where that may be lost");
    }
    LOG.warn("{} and may lose what it confirmed, as RUNHOOK_ALLOW_UNSAFE_DATABASE allows", what);
  }

  String url() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return "http://" + host + ":" + http.port();
  }

  AdminToken adminToken() {
    return adminToken;
  }

  String databaseDescription() {
    return database.description();
  }

  /// Not ready → takes no more → ends what is under way → gives back the rest → the database last.
  /// Each step has its time, and one that fails keeps none of the others from being taken.
  @Override
  public void close() {
    step("readiness", parts.readiness()::drain);
    step("streams of events", parts.api()::endStreams);
    step("HTTP server", http::stop);
    closeEngine();
    step("database", database::close);
  }

  private void go() {
    parts.watching().gauges().start();
    if (settings.role().sends()) {
      parts.loop().start();
      parts.bell().listen(parts.loop()::wake);
    }
    try {
      http.start(settings.host(), settings.port());
    } catch (JavalinBindException e) {
      closeEngine();
      throw ListenAddress.taken(settings.host(), settings.port(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      closeEngine();
      throw e;
    }
    retention.start(); // it can wait until it is sure that the server stays
    uses.start();
    spans.ifPresent(SpanTimer::start);
  }

  private void closeEngine() {
    step("retention", retention::close);
    step("uses of tokens", uses::close);
    step("gauges", parts.watching().gauges()::close);
    step("bell", parts.bell()::close);
    step("engine", this::stopSending);
    step("work under way", this::endWork);
    step("transport", parts.transport()::close);
    spans.ifPresent(timer -> step("spans", timer::close));
    step("meters", parts.watching().meters()::close);
  }

  private void stopSending() {
    try {
      if (settings.role().sends()
          && !parts.loop().stop(settings.delivering().timeout().plus(BEYOND_TIMEOUT))) {
        LOG.warn(
            "some attempts did not end in time; they will be made again when their leases end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void endWork() {
    parts.executor().shutdown();
    try {
      if (!parts.executor().awaitTermination(BEYOND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        parts.executor().shutdownNow();
      }
    } catch (InterruptedException _) {
      parts.executor().shutdownNow();
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

  private static Javalin http(Settings settings, Parts parts) {
    return Javalin.create(config -> {
      HttpApi.configure(config, parts.watching().requests());
      if (settings.role().answers()) {
        parts.api().mount(config.routes);
        parts.api().mountPage(config.routes);
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
                    settings.outward().proxy().map(EgressProxy::host).stream(),
                    settings.spanCollector().map(SpanCollector::host).stream())))
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toSet());
  }
}
