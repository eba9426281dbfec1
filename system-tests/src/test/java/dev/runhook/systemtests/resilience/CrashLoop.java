package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// A server under load that is ended and started again at random times. [#close] ends all of its
/// processes.
final class CrashLoop implements AutoCloseable {
  private final RandomGenerator random;
  private final LoadGenerator loadGenerator;
  private final ServerInstallation installation;

  /// @param random chooses the requests that receivers reject and the times
  CrashLoop(Path folder, Map<String, String> settings, RandomGenerator random) {
    this.random = random;
    this.loadGenerator =
        LoadGenerator.rejectingSome(
            FaultSuite.choose(LoadProfile.SMALL, LoadProfile.LARGE), random);
    this.installation = ServerInstallation.withPreparedDatabase(folder, settings);
  }

  ServerInstallation installation() {
    return installation;
  }

  /// Ends the server repeatedly and starts a new one each time. Returns when all deliveries have
  /// arrived and the last server has shut down with exit code 0.
  ///
  /// @param end ends the given server
  DeliveryCounts run(int times, Consumer<RunhookProcess> end) throws Exception {
    RunhookProcess server = installation.serve();
    loadGenerator.start(installation.client(server));
    for (int transitions : loadGenerator.crashTimes(times, random)) {
      loadGenerator.client().awaitAcknowledged(transitions);
      end.accept(server);
      server = installation.serve();
      loadGenerator.client().useServer(installation.client(server));
    }
    loadGenerator.awaitDeliveries(FaultSuite.timeout());
    assertThat(server.terminate()).as(server.allOutput()).isZero();
    return loadGenerator.verify();
  }

  @Override
  public void close() {
    installation.close();
    loadGenerator.close();
  }
}
