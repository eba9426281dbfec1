package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RetryingClient;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Two servers under load on a [ReplicatedDatabase].
final class FailoverFixture implements AutoCloseable {
  private static final int SERVERS = 2;
  private static final int IN_FLIGHT = 64;

  /// How many deliveries the servers may repeat for each primary that ends.
  static final int MAX_DUPLICATES = SERVERS * IN_FLIGHT;

  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT", "3s",
              "RUNHOOK_LEASE", "12s",
              "RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_FLIGHT),
              "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "32",
              "RUNHOOK_ADMIN_TOKEN", "the-same-token-on-every-node"));

  private final Path folder;
  private final FaultSuite faultSuite;
  private final ReplicatedDatabase database;
  private final LoadProfile loadProfile =
      FaultSuite.choose(new LoadProfile(100, 1, 8), new LoadProfile(12_500, 1, 16));
  private final LoadGenerator loadGenerator = LoadGenerator.respondingWith(loadProfile, _ -> 204);
  private final List<ServerInstallation> installations = new ArrayList<>();

  FailoverFixture(Path folder, FaultSuite faultSuite, String synchronousStandbyNames) {
    this.folder = folder;
    this.faultSuite = faultSuite;
    this.database = new ReplicatedDatabase(folder, synchronousStandbyNames);
  }

  ReplicatedDatabase database() {
    return database;
  }

  /// @param more settings that are added or replace the defaults
  ServerInstallation installation(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("RUNHOOK_DATABASE_URL", database.url());
    settings.putAll(more);
    Path directory = folder.resolve("server-" + installations.size());
    assertThat(directory.toFile().mkdir()).isTrue();
    ServerInstallation installation = new ServerInstallation(directory, settings);
    installations.add(installation);
    return installation;
  }

  /// Replaces the primary a number of times under load, at random times. Returns when all
  /// transitions have arrived in order, and fails if one is lost.
  ///
  /// @param replace returns when another server is the primary
  DeliveryCounts replacePrimary(String description, int times, Runnable replace) throws Exception {
    List<ServerInstallation> nodes = List.of(installation(Map.of()), installation(Map.of()));
    List<RunhookProcess> servers = nodes.stream().map(ServerInstallation::serve).toList();
    loadGenerator.start(nodes.get(0).client(servers.get(0)), nodes.get(1).client(servers.get(1)));
    for (int transitions : loadGenerator.crashTimes(times, faultSuite.random())) {
      loadGenerator.client().awaitAcknowledged(transitions);
      replace.run();
      awaitAcknowledged(1);
    }
    loadGenerator.awaitDeliveries(FaultSuite.timeout());
    for (RunhookProcess server : servers) {
      assertThat(server.terminate()).as(server.allOutput()).isZero();
      assertThat(server.allOutput()).doesNotContain("has lost acknowledged transitions");
    }

    DeliveryCounts counts = loadGenerator.verify();
    faultSuite.report(
        "%s, %d times; at most %s without an acknowledgement; %s"
            .formatted(
                description,
                times,
                FaultSuite.formatSeconds(loadGenerator.client().longestGap()),
                counts));
    assertThat(counts.acknowledged()).isEqualTo(loadProfile.transitions());
    return counts;
  }

  /// Waits for further acknowledgements, unless the load ends before.
  void awaitAcknowledged(int more) {
    RetryingClient client = loadGenerator.client();
    client.awaitAcknowledged(Math.min(client.acknowledged() + more, loadProfile.transitions()));
  }

  @Override
  public void close() {
    installations.forEach(ServerInstallation::close);
    loadGenerator.close();
    database.close();
  }
}
