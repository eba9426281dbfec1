package dev.runhook.bootstrap;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.bootstrap.metric.DispatchMeters;
import dev.runhook.bootstrap.metric.Meters;
import dev.runhook.bootstrap.metric.RequestMeters;
import dev.runhook.bootstrap.metric.StoreGauges;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.http.RequestObserver;
import dev.runhook.outbound.SpanExport;
import dev.runhook.persistence.StoreCensus;
import jakarta.inject.Singleton;
import java.util.Optional;

@Module
interface MetricModule {
  @Provides
  @Singleton
  static Meters meters(Database database) {
    Meters meters = new Meters(Version.text());
    database.measure(meters.registry());
    return meters;
  }

  @Provides
  @Singleton
  static DispatchObserver observer(Meters meters, Optional<SpanExport> spans) {
    DispatchObserver told =
        new Observers(new LoggingObserver(), new DispatchMeters(meters.registry()));
    return spans.isPresent() ? new Observers(told, spans.get()) : told;
  }

  @Provides
  @Singleton
  static Optional<SpanExport> spans(Settings settings) {
    return settings.spanCollector().map(to -> new SpanExport(to, Version.text()));
  }

  @Provides
  @Singleton
  static RequestObserver requests(Meters meters) {
    return new LoggingRequests(new RequestMeters(meters.registry()));
  }

  @Provides
  @Singleton
  static StoreGauges gauges(Database database, Meters meters) {
    return new StoreGauges(new StoreCensus(database.pool()), meters.registry());
  }
}
