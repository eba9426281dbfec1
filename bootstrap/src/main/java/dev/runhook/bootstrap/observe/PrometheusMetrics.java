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
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import jdk.management.VirtualThreadSchedulerMXBean;

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
    measureVirtualThreads();
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

  /// Measures the scheduler of virtual threads at each scrape.
  private void measureVirtualThreads() {
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    gauge(
        "jvm.virtual.threads.mounted",
        "Virtual threads that are running",
        scheduler::getMountedVirtualThreadCount);
    gauge(
        "jvm.virtual.threads.queued",
        "Virtual threads that wait for a carrier thread",
        scheduler::getQueuedVirtualThreadCount);
    gauge("jvm.virtual.threads.carriers", "Carrier threads", scheduler::getPoolSize);
    gauge(
        "jvm.virtual.threads.parallelism",
        "Maximum number of virtual threads that can run in parallel",
        scheduler::getParallelism);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }
}
