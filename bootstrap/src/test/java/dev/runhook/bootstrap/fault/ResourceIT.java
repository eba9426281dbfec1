package dev.runhook.bootstrap.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runhook.bootstrap.process.RunhookProcess;
import dev.runhook.bootstrap.process.Suite;
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
class ResourceIT {
  private static final String STACK = "hostile";
  private static final Duration WHILE = Duration.ofSeconds(Suite.choose(4, 240));
  private static final int SPARE_FILES = 40;
  private static final int SPARE_THREADS = 25;
  private static final long SPARE_HEAP = 40L * 1024 * 1024;

  private final Suite suite = Suite.named("ResourceIT");
  private final List<HostileEndpoint> endpoints = new ArrayList<>();
  private final BusyReceiver healthy = BusyReceiver.accepting();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    endpoints.forEach(HostileEndpoint::close);
    healthy.close();
  }

  @Test
  void hostile_receivers_leave_nothing_behind() throws IOException {
    assumeTrue(Footprint.canBeRead(), "no /proc here to read descriptors and threads from");
    try (Site site = Site.open(folder, settings())) {
      RunhookProcess server = site.serve();
      Site.attach(server, "well", healthy.url());
      report(server, "well", Duration.ofSeconds(2));
      Footprint before = Footprint.of(server.pid());

      for (Hostility hostility : Hostility.values()) {
        HostileEndpoint endpoint = new HostileEndpoint(hostility);
        endpoints.add(endpoint);
        Site.attach(server, STACK, endpoint.url());
      }
      report(server, STACK, WHILE);
      Footprint worst = Footprint.of(server.pid());
      await().atMost(Suite.patience()).until(() -> isBack(before, Footprint.of(server.pid())));

      suite.say(
          "%d hostile receivers for %d s, %d connections: before %s; at the end of it %s; after %s"
              .formatted(
                  endpoints.size(),
                  WHILE.toSeconds(),
                  endpoints.stream().mapToInt(HostileEndpoint::accepted).sum(),
                  before,
                  worst,
                  Footprint.of(server.pid())));
      assertThat(endpoints).allSatisfy(endpoint -> assertThat(endpoint.accepted()).isPositive());
      assertThat(Site.isReady(server)).isTrue();
      assertThat(server.terminate()).as(server.everything()).isZero();
    }
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(Site.SETTINGS);
    settings.put("RUNHOOK_TIMEOUT", "500ms");
    settings.put("RUNHOOK_RETRY_SCHEDULE", "100ms,100ms");
    settings.put("RUNHOOK_PAUSE_AFTER", "1000000");
    return settings;
  }

  private static void report(RunhookProcess server, String stack, Duration duration) {
    Load.Target target = Site.target(stack, List.of(server));
    try (Load load = Load.on(target, 2, Duration.ofMillis(50))) {
      Suite.last(duration);
      load.stop();
    }
  }

  private static boolean isBack(Footprint before, Footprint now) {
    return now.files() <= before.files() + SPARE_FILES
        && now.threads() <= before.threads() + SPARE_THREADS
        && now.heap() <= before.heap() + SPARE_HEAP;
  }
}
