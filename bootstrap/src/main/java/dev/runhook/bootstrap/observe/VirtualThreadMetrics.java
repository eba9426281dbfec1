package dev.runhook.bootstrap.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import jdk.management.VirtualThreadSchedulerMXBean;

/// Measures the scheduler of virtual threads. The values are read from the JVM at each scrape.
final class VirtualThreadMetrics implements MeterBinder {
  private final VirtualThreadSchedulerMXBean scheduler =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "jvm.virtual.threads.mounted",
        "Virtual threads that are running",
        scheduler::getMountedVirtualThreadCount);
    gauge(
        registry,
        "jvm.virtual.threads.queued",
        "Virtual threads that wait for a carrier thread",
        scheduler::getQueuedVirtualThreadCount);
    gauge(registry, "jvm.virtual.threads.carriers", "Carrier threads", scheduler::getPoolSize);
    gauge(
        registry,
        "jvm.virtual.threads.parallelism",
        "Maximum number of virtual threads that can run in parallel",
        scheduler::getParallelism);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }
}
