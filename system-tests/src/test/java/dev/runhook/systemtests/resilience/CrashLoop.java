package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// A server with its database, [LoadGenerator] through it, and something that befalls it at random
/// moments. [#close] ends all of it.
final class CrashLoop implements AutoCloseable {
  private final RandomGenerator random;
  private final LoadGenerator loadGenerator;
  private final ServerInstallation installation;

  /// @param random chooses what receivers refuse, and the moments
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

  /// Strikes so many times, and starts a server anew after each. Returns when everything has
  /// arrived, and the last server has ended well.
  ///
  /// @param blow ends the server that it is given, in whichever way
  DeliveryCounts run(int times, Consumer<RunhookProcess> blow) throws Exception {
    RunhookProcess server = installation.serve();
    loadGenerator.start(installation.client(server));
    for (int changes : loadGenerator.crashPoints(times, random)) {
      loadGenerator.client().awaitAcknowledged(changes);
      blow.accept(server);
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
