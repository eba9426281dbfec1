package dev.runhook.bootstrap.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runhook.bootstrap.process.ApiClient;
import dev.runhook.bootstrap.process.Arrival;
import dev.runhook.bootstrap.process.RunhookProcess;
import dev.runhook.bootstrap.process.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on one database, one of them with a wall clock that is a day off, first one way, then
/// the other.
class ClockIT {
  private static final double REFUSED = 0.05;
  private static final long DAY = Duration.ofDays(1).toSeconds();
  private static final long ALMOST_A_DAY = Duration.ofHours(23).toSeconds();
  private static final int MOST_ATTEMPTS = 8;

  private final Suite suite = Suite.named("ClockIT");
  private final Random chance = new Random(suite.random().nextLong());
  private final BusyReceiver receiver =
      BusyReceiver.answering(_ -> chance.nextDouble() < REFUSED ? 500 : 204);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void a_clock_that_is_a_day_off_moves_no_lease_and_no_retry() throws IOException {
    Optional<Path> library = library();
    assumeTrue(
        library.isPresent(), "no libfaketime here; Debian, Ubuntu: apt-get install faketime");
    Duration each = Duration.ofSeconds(Suite.choose(4, 60));
    try (Site site = Site.open(folder, Site.SETTINGS)) {
      RunhookProcess straight = site.serve();
      setClock(0);
      RunhookProcess skewed = site.serve(environment(library.orElseThrow()));
      Site.attach(straight, "clocks", receiver.url());
      Load.Target target = Site.target("clocks", List.of(straight, skewed));
      try (Load load = Load.on(target, 4, Duration.ofMillis(10))) {
        load.awaitMore(100);
        for (long offset : List.of(DAY, -DAY, 0L)) {
          setClock(offset);
          Suite.last(each);
          load.awaitMore(50);
          assertThat(skewed.isAlive()).as(skewed.everything()).isTrue();
        }
        List<String> runs = load.stop();
        long duplicates = Site.review(receiver, runs);

        expectNothingButSkew(load, runs, duplicates);
        assertThat(straight.terminate()).as(straight.everything()).isZero();
        assertThat(skewed.terminate()).as(skewed.everything()).isZero();
      }
    }
  }

  private void expectNothingButSkew(Load load, List<String> runs, long duplicates) {
    List<Arrival> log = receiver.log();
    long now = Instant.now().getEpochSecond();
    long ahead = log.stream().filter(arrival -> sentAt(arrival) > now + ALMOST_A_DAY).count();
    long behind = log.stream().filter(arrival -> sentAt(arrival) < now - ALMOST_A_DAY).count();
    int mostAttempts = log.stream().mapToInt(Arrival::attempt).max().orElse(0);
    suite.say(
        "one of two nodes a day ahead, then behind: %s; %d deliveries, %d arrivals, %d of them stamped a day ahead and %d a day behind; lost 0, %d duplicates, at most %d attempts"
            .formatted(
                load.summary(),
                runs.size() * ApiClient.STATES.size(),
                log.size(),
                ahead,
                behind,
                duplicates,
                mostAttempts));
    assertThat(ahead).as("arrivals from a clock that is ahead").isPositive();
    assertThat(behind).as("arrivals from a clock that is behind").isPositive();
    assertThat(duplicates).isZero();
    assertThat(mostAttempts).isLessThanOrEqualTo(MOST_ATTEMPTS);
  }

  private static long sentAt(Arrival arrival) {
    return Long.parseLong(arrival.header("webhook-timestamp"));
  }

  /// Without the last setting the library takes waits by the monotonic clock for waits by the wall
  /// clock: each of Java's is over at once then, and the process does nothing but wait.
  private Map<String, String> environment(Path library) {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", clock().toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  private void setClock(long offset) throws IOException {
    Path written = folder.resolve("clock.new");
    Files.writeString(written, (offset < 0 ? "" : "+") + offset + "\n");
    Files.move(written, clock(), StandardCopyOption.ATOMIC_MOVE); // half a time ends the process
  }

  private Path clock() {
    return folder.resolve("clock");
  }

  private static Optional<Path> library() throws IOException {
    Path libraries = Path.of("/usr/lib");
    if (!Files.isDirectory(libraries)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(libraries)) {
      return files
          .map(file -> file.resolve("faketime").resolve("libfaketimeMT.so.1"))
          .filter(Files::exists)
          .findFirst();
    }
  }
}
