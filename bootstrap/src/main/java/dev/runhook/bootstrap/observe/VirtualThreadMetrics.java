package dev.runhook.bootstrap.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import jdk.management.VirtualThreadSchedulerMXBean;

/// The threads that carry the virtual ones. All of it is asked of the JVM at a scrape and costs
/// nothing in between.
final class VirtualThreadMetrics implements MeterBinder {
  private final VirtualThreadSchedulerMXBean scheduler =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "jvm.virtual.threads.mounted",
        "Virtual threads that run now",
        scheduler::getMountedVirtualThreadCount);
    gauge(
        registry,
        "jvm.virtual.threads.queued",
        "Virtual threads that could run and have no carrier",
        scheduler::getQueuedVirtualThreadCount);
    gauge(
        registry,
        "jvm.virtual.threads.carriers",
        "Platform threads that carry virtual ones",
        scheduler::getPoolSize);
    gauge(
        registry,
        "jvm.virtual.threads.parallelism",
        "How many virtual threads can run at a time",
        scheduler::getParallelism);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }
}
