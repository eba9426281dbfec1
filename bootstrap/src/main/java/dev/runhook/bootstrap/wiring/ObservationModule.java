package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.stats.Stats;
import dev.runhook.bootstrap.database.Databases;
import dev.runhook.bootstrap.observe.AcknowledgedTransitions;
import dev.runhook.bootstrap.observe.DatabaseMonitor;
import dev.runhook.bootstrap.observe.DatabaseMonitor.MonitoredDatabase;
import dev.runhook.bootstrap.observe.LoggingDispatchObserver;
import dev.runhook.bootstrap.observe.LoggingRequestObserver;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.RequestMetrics;
import dev.runhook.bootstrap.observe.ServerReadiness;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.bootstrap.trace.OtlpSpanExporter;
import dev.runhook.embedded.DispatchMetrics;
import dev.runhook.embedded.Engine;
import dev.runhook.embedded.StoreGauges;
import dev.runhook.http.server.RequestObserver;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.persistence.stats.ReplicationStats;
import dev.runhook.persistence.stats.StoreStats;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Creates what observes a server: metrics, logs, traces and readiness.
@Module
interface ObservationModule {
  @Provides
  @Singleton
  static PrometheusMetrics metrics(Databases databases) {
    PrometheusMetrics metrics = new PrometheusMetrics(Version.text());
    databases.registerMetrics(metrics.registry());
    return metrics;
  }

  @Provides
  @Singleton
  static List<DispatchObserver> dispatchObservers(
      PrometheusMetrics metrics, Optional<OtlpSpanExporter> spanExporter) {
    List<DispatchObserver> observers = new ArrayList<>();
    observers.add(new LoggingDispatchObserver());
    observers.add(new DispatchMetrics(metrics.registry()));
    spanExporter.ifPresent(observers::add);
    return observers;
  }

  @Provides
  @Singleton
  static Optional<OtlpSpanExporter> spanExporter(Settings settings) {
    return settings
        .find(SettingDefinitions.OTLP_ENDPOINT)
        .map(endpoint -> new OtlpSpanExporter(endpoint, Version.text()));
  }

  @Provides
  @Singleton
  static RequestObserver requestObserver(PrometheusMetrics metrics) {
    return new LoggingRequestObserver(new RequestMetrics(metrics.registry()));
  }

  @Provides
  @Singleton
  static List<StoreGauges> storeGauges(
      Databases databases, BucketRouter buckets, PrometheusMetrics metrics) {
    Stats stats = new Stats(buckets);
    return databases.ofDatabases((database, schemas) ->
        new StoreGauges(
            database.number(),
            schemas.stream()
                .map(schema -> new StoreStats(database.requestDataSource(), schema))
                .toList(),
            () ->
                stats.countVerdicts(
                    schemas.stream().map(schema -> buckets.all().get(schema.number())).toList()),
            metrics.registry()));
  }

  @Provides
  @Singleton
  static ServerReadiness readiness(List<DatabaseMonitor> databases, Engine engine) {
    return new ServerReadiness(databases, engine.supervisor()::findProblem);
  }

  /// Returns those of each database.
  @Provides
  @Singleton
  static List<AcknowledgedTransitions> acknowledgedTransitions(Databases databases) {
    return databases.all().stream()
        .map(_ -> new AcknowledgedTransitions(System::nanoTime))
        .toList();
  }

  @Provides
  @Singleton
  static List<DatabaseMonitor> databaseMonitors(
      Databases databases,
      List<AcknowledgedTransitions> acknowledged,
      BucketRouter buckets,
      PrometheusMetrics metrics) {
    boolean several = databases.all().size() > 1;
    return databases.ofDatabases((database, schemas) ->
        new DatabaseMonitor(
            new MonitoredDatabase(
                database.number(),
                several ? "-" + database.number() : "",
                database.isReplicated(),
                new Schema(database.requestDataSource(), schemas.getFirst())::exists,
                new ReplicationStats(database.requestDataSource())::read,
                database::findUnsafeSettings),
            acknowledged.get(database.number() - 1),
            buckets,
            metrics.registry()));
  }
}
