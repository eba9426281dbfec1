package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.observe.CompositeDispatchObserver;
import dev.runhook.bootstrap.observe.DispatchMetrics;
import dev.runhook.bootstrap.observe.LoggingDispatchObserver;
import dev.runhook.bootstrap.observe.LoggingRequestObserver;
import dev.runhook.bootstrap.observe.PrometheusMetrics;
import dev.runhook.bootstrap.observe.RequestMetrics;
import dev.runhook.bootstrap.observe.StoreGauges;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.http.server.RequestObserver;
import dev.runhook.outbound.trace.OtlpSpanExporter;
import dev.runhook.persistence.stats.StoreStats;
import jakarta.inject.Singleton;
import java.util.Optional;

@Module
interface ObservabilityModule {
  @Provides
  @Singleton
  static PrometheusMetrics metrics(Database database) {
    PrometheusMetrics metrics = new PrometheusMetrics(Version.text());
    database.registerMetrics(metrics.registry());
    return metrics;
  }

  @Provides
  @Singleton
  static DispatchObserver dispatchObserver(
      PrometheusMetrics metrics, Optional<OtlpSpanExporter> spanExporter) {
    DispatchObserver observer =
        new CompositeDispatchObserver(
            new LoggingDispatchObserver(), new DispatchMetrics(metrics.registry()));
    return spanExporter.isPresent()
        ? new CompositeDispatchObserver(observer, spanExporter.get())
        : observer;
  }

  @Provides
  @Singleton
  static Optional<OtlpSpanExporter> spanExporter(Settings settings) {
    return settings.otlpEndpoint().map(endpoint -> new OtlpSpanExporter(endpoint, Version.text()));
  }

  @Provides
  @Singleton
  static RequestObserver requestObserver(PrometheusMetrics metrics) {
    return new LoggingRequestObserver(new RequestMetrics(metrics.registry()));
  }

  @Provides
  @Singleton
  static StoreGauges storeGauges(Database database, PrometheusMetrics metrics) {
    return new StoreGauges(new StoreStats(database.requestDataSource()), metrics.registry());
  }
}
