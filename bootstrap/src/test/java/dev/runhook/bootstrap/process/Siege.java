package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// A server with its database, [Traffic] through it, and something that befalls it at random
/// moments. [#close] ends all of it.
final class Siege implements AutoCloseable {
  private final RandomGenerator random;
  private final Traffic traffic;
  private final Home home;

  /// @param random chooses what receivers refuse, and the moments
  Siege(Path folder, Map<String, String> settings, RandomGenerator random) {
    this.random = random;
    this.traffic = Traffic.refusingSome(Suite.choose(Load.BRIEF, Load.FULL), random);
    this.home = Home.furnished(folder, settings);
  }

  Home home() {
    return home;
  }

  /// Strikes so many times, and starts a server anew after each. Returns when everything has
  /// arrived, and the last server has ended well.
  ///
  /// @param blow ends the server that it is given, in whichever way
  Tally endure(int times, Consumer<RunhookProcess> blow) throws Exception {
    RunhookProcess server = home.serve();
    traffic.begin(home.client(server));
    for (int changes : traffic.moments(times, random)) {
      traffic.progress().awaitAcknowledged(changes);
      blow.accept(server);
      server = home.serve();
      traffic.progress().serverIs(home.client(server));
    }
    traffic.awaitArrival(Suite.patience());
    assertThat(server.terminate()).as(server.everything()).isZero();
    return traffic.review();
  }

  @Override
  public void close() {
    home.close();
    traffic.close();
  }
}
