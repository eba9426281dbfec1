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
    PrometheusMetrics prometheusMetrics = new PrometheusMetrics(Version.text());
    database.registerMetrics(prometheusMetrics.registry());
    return prometheusMetrics;
  }

  @Provides
  @Singleton
  static DispatchObserver dispatchObserver(
      PrometheusMetrics prometheusMetrics, Optional<OtlpSpanExporter> spans) {
    DispatchObserver told =
        new CompositeDispatchObserver(
            new LoggingDispatchObserver(), new DispatchMetrics(prometheusMetrics.registry()));
    return spans.isPresent() ? new CompositeDispatchObserver(told, spans.get()) : told;
  }

  @Provides
  @Singleton
  static Optional<OtlpSpanExporter> spanExporter(Settings settings) {
    return settings.otlpEndpoint().map(to -> new OtlpSpanExporter(to, Version.text()));
  }

  @Provides
  @Singleton
  static RequestObserver requestObserver(PrometheusMetrics prometheusMetrics) {
    return new LoggingRequestObserver(new RequestMetrics(prometheusMetrics.registry()));
  }

  @Provides
  @Singleton
  static StoreGauges storeGauges(Database database, PrometheusMetrics prometheusMetrics) {
    return new StoreGauges(
        new StoreStats(database.requestDataSource()), prometheusMetrics.registry());
  }
}
