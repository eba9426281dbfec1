package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Receivers that do their worst for a while leave nothing behind in the server.
class ResourceLeakIT {
  private static final String STACK = "hostile";
  private static final Duration WHILE = Duration.ofSeconds(FaultSuite.choose(4, 240));
  private static final int SPARE_FILES = 40;
  private static final int SPARE_THREADS = 25;
  private static final long SPARE_HEAP = 40L * 1024 * 1024;

  private final FaultSuite faultSuite = FaultSuite.named("ResourceIT");
  private final List<HostileReceiver> endpoints = new ArrayList<>();
  private final MeteredReceiver healthy = MeteredReceiver.accepting();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    endpoints.forEach(HostileReceiver::close);
    healthy.close();
  }

  @Test
  void hostile_receivers_leave_nothing_behind() throws IOException {
    assumeTrue(ResourceUsage.isAvailable(), "no /proc here to read descriptors and threads from");
    try (FaultFixture faultFixture = FaultFixture.open(folder, settings())) {
      RunhookProcess server = faultFixture.startServer();
      FaultFixture.createWebhook(server, "well", healthy.url());
      report(server, "well", Duration.ofSeconds(2));
      ResourceUsage before = ResourceUsage.of(server.pid());

      for (HostileBehavior hostileBehavior : HostileBehavior.values()) {
        HostileReceiver endpoint = new HostileReceiver(hostileBehavior);
        endpoints.add(endpoint);
        FaultFixture.createWebhook(server, STACK, endpoint.url());
      }
      report(server, STACK, WHILE);
      ResourceUsage worst = ResourceUsage.of(server.pid());
      await()
          .atMost(FaultSuite.timeout())
          .until(() -> isBack(before, ResourceUsage.of(server.pid())));

      faultSuite.report(
          "%d hostile receivers for %d s, %d connections: before %s; at the end of it %s; after %s"
              .formatted(
                  endpoints.size(),
                  WHILE.toSeconds(),
                  endpoints.stream().mapToInt(HostileReceiver::acceptedConnections).sum(),
                  before,
                  worst,
                  ResourceUsage.of(server.pid())));
      assertThat(endpoints)
          .allSatisfy(endpoint -> assertThat(endpoint.acceptedConnections()).isPositive());
      assertThat(FaultFixture.isReady(server)).isTrue();
      assertThat(server.terminate()).as(server.allOutput()).isZero();
    }
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FaultFixture.SETTINGS);
    settings.put("RUNHOOK_TIMEOUT", "500ms");
    settings.put("RUNHOOK_RETRY_SCHEDULE", "100ms,100ms");
    settings.put("RUNHOOK_PAUSE_AFTER", "1000000");
    return settings;
  }

  private static void report(RunhookProcess server, String stack, Duration duration) {
    ContinuousLoad.Target target = FaultFixture.loadTarget(stack, List.of(server));
    try (ContinuousLoad continuousLoad = ContinuousLoad.start(target, 2, Duration.ofMillis(50))) {
      FaultSuite.letPass(duration);
      continuousLoad.stop();
    }
  }

  private static boolean isBack(ResourceUsage before, ResourceUsage now) {
    return now.fileDescriptors() <= before.fileDescriptors() + SPARE_FILES
        && now.threads() <= before.threads() + SPARE_THREADS
        && now.liveBytes() <= before.liveBytes() + SPARE_HEAP;
  }
}
