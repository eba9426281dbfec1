package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RunhookProcess;
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
class ClockSkewIT {
  private static final double REFUSED = 0.05;
  private static final long DAY = Duration.ofDays(1).toSeconds();
  private static final long ALMOST_A_DAY = Duration.ofHours(23).toSeconds();
  private static final int MOST_ATTEMPTS = 8;

  private final FaultSuite faultSuite = FaultSuite.named("ClockIT");
  private final Random chance = new Random(faultSuite.random().nextLong());
  private final MeteredReceiver receiver =
      MeteredReceiver.respondingWith(_ -> chance.nextDouble() < REFUSED ? 500 : 204);
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
    Duration each = Duration.ofSeconds(FaultSuite.choose(4, 60));
    try (FaultFixture faultFixture = FaultFixture.open(folder, FaultFixture.SETTINGS)) {
      RunhookProcess straight = faultFixture.startServer();
      setClock(0);
      RunhookProcess skewed = faultFixture.startServer(environment(library.orElseThrow()));
      FaultFixture.createWebhook(straight, "clocks", receiver.url());
      ContinuousLoad.Target target = FaultFixture.loadTarget("clocks", List.of(straight, skewed));
      try (ContinuousLoad continuousLoad = ContinuousLoad.start(target, 4, Duration.ofMillis(10))) {
        continuousLoad.awaitAcknowledged(100);
        for (long offset : List.of(DAY, -DAY, 0L)) {
          setClock(offset);
          FaultSuite.letPass(each);
          continuousLoad.awaitAcknowledged(50);
          assertThat(skewed.isAlive()).as(skewed.allOutput()).isTrue();
        }
        List<String> runs = continuousLoad.stop();
        long duplicates = FaultFixture.awaitAndVerify(receiver, runs);

        expectNothingButSkew(continuousLoad, runs, duplicates);
        assertThat(straight.terminate()).as(straight.allOutput()).isZero();
        assertThat(skewed.terminate()).as(skewed.allOutput()).isZero();
      }
    }
  }

  private void expectNothingButSkew(
      ContinuousLoad continuousLoad, List<String> runs, long duplicates) {
    List<ReceivedRequest> log = receiver.requests();
    long now = Instant.now().getEpochSecond();
    long ahead =
        log.stream()
            .filter(receivedRequest -> sentAt(receivedRequest) > now + ALMOST_A_DAY)
            .count();
    long behind = log.stream().filter(arrival -> sentAt(arrival) < now - ALMOST_A_DAY).count();
    int mostAttempts = log.stream().mapToInt(ReceivedRequest::attempt).max().orElse(0);
    faultSuite.report(
        "one of two nodes a day ahead, then behind: %s; %d deliveries, %d arrivals, %d of them stamped a day ahead and %d a day behind; lost 0, %d duplicates, at most %d attempts"
            .formatted(
                continuousLoad.summary(),
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

  private static long sentAt(ReceivedRequest receivedRequest) {
    return Long.parseLong(receivedRequest.header("webhook-timestamp"));
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
