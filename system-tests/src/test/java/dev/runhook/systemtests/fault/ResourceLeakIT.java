package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.testkit.Prerequisite;
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

/// Hostile receivers do not make the server leak memory, threads or file descriptors.
class ResourceLeakIT {
  private static final String STACK = "hostile";
  private static final Duration DURATION = Duration.ofSeconds(FaultSuite.choose(4, 240));
  private static final int EXTRA_FILE_DESCRIPTORS = 40;
  private static final int EXTRA_THREADS = 25;
  private static final long EXTRA_HEAP = 40L * 1024 * 1024;

  private final FaultSuite faultSuite = FaultSuite.of("ResourceLeakIT");
  private final List<HostileReceiver> hostileReceivers = new ArrayList<>();
  private final MeteredReceiver healthy = MeteredReceiver.accepting();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    hostileReceivers.forEach(HostileReceiver::close);
    healthy.close();
  }

  @Test
  void hostile_receivers_cause_no_leak() throws IOException {
    Prerequisite.require(
        ResourceUsage.isAvailable(), "needs /proc to count file descriptors and threads");
    try (FaultFixture fixture = FaultFixture.open(folder, settings())) {
      RunhookProcess server = fixture.startServer();
      FaultFixture.createWebhook(server, "healthy", healthy.url());
      report(server, "healthy", Duration.ofSeconds(2));
      ResourceUsage before = ResourceUsage.of(server.pid());

      for (HostileBehavior behavior : HostileBehavior.values()) {
        HostileReceiver receiver = new HostileReceiver(behavior);
        hostileReceivers.add(receiver);
        FaultFixture.createWebhook(server, STACK, receiver.url());
      }
      report(server, STACK, DURATION);
      ResourceUsage during = ResourceUsage.of(server.pid());
      await()
          .atMost(FaultSuite.timeout())
          .pollInterval(Duration.ofSeconds(1)) // each collects the garbage of the server
          .until(() -> isBack(before, ResourceUsage.of(server.pid())));

      faultSuite.report(
          "%d hostile receivers for %d s, %d connections: before %s; during %s; after %s"
              .formatted(
                  hostileReceivers.size(),
                  DURATION.toSeconds(),
                  hostileReceivers.stream().mapToInt(HostileReceiver::acceptedConnections).sum(),
                  before,
                  during,
                  ResourceUsage.of(server.pid())));
      assertThat(hostileReceivers)
          .allSatisfy(receiver -> assertThat(receiver.acceptedConnections()).isPositive());
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
    try (ContinuousLoad load = ContinuousLoad.start(target, 2, Duration.ofMillis(50))) {
      FaultSuite.letPass(duration);
      load.stop();
    }
  }

  private static boolean isBack(ResourceUsage before, ResourceUsage now) {
    return now.fileDescriptors() <= before.fileDescriptors() + EXTRA_FILE_DESCRIPTORS
        && now.threads() <= before.threads() + EXTRA_THREADS
        && now.liveBytes() <= before.liveBytes() + EXTRA_HEAP;
  }
}
