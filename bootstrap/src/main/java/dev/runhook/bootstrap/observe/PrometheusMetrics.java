package dev.runhook.bootstrap.observe;

import dev.runhook.http.server.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// The metrics of this process. Names follow the conventions of Prometheus: the prefix `runhook_`,
/// base units, and `_total` for counters. Labels never contain ids, names or URLs of users.
/// Thread-safe.
public final class PrometheusMetrics implements Metrics, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();

  public PrometheusMetrics(String version) {
    Gauge.builder("runhook.build.info", () -> 1)
        .description("Always 1; the labels contain the versions")
        .tag("version", version)
        .tag("java", Runtime.version().toString())
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    gc.bindTo(registry);
    new VirtualThreadMetrics().bindTo(registry);
  }

  public MeterRegistry registry() {
    return registry;
  }

  @Override
  public String scrape() {
    return registry.scrape();
  }

  /// Stops listening to JVM events.
  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
