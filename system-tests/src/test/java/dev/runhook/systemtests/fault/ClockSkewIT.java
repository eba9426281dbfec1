package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.testkit.Prerequisite;
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

/// Two nodes share a database. The wall clock of one node is first a day ahead, then a day behind.
class ClockSkewIT {
  private static final double REJECTED = 0.05;
  private static final long DAY = Duration.ofDays(1).toSeconds();
  private static final long ALMOST_A_DAY = Duration.ofHours(23).toSeconds();
  private static final int MAX_ATTEMPTS = 8;
  private static final Duration PAUSE = Duration.ofMillis(FaultSuite.choose(50, 10));

  private final FaultSuite faultSuite = FaultSuite.of("ClockSkewIT");
  private final Random random = new Random(faultSuite.random().nextLong());
  private final MeteredReceiver receiver =
      MeteredReceiver.respondingWith(_ -> random.nextDouble() < REJECTED ? 500 : 204);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void a_clock_that_is_a_day_off_affects_neither_leases_nor_retries() throws IOException {
    Optional<Path> library = library();
    Prerequisite.require(
        library.isPresent(),
        "libfaketime is not installed; Debian, Ubuntu: apt-get install faketime");
    Duration each = Duration.ofSeconds(FaultSuite.choose(4, 60));
    try (FaultFixture fixture = FaultFixture.open(folder, FaultFixture.SETTINGS)) {
      RunhookProcess correct = fixture.startServer();
      setClock(0);
      RunhookProcess skewed = fixture.startServer(environment(library.orElseThrow()));
      FaultFixture.createWebhook(correct, "clocks", receiver.url());
      ContinuousLoad.Target target = FaultFixture.loadTarget("clocks", List.of(correct, skewed));
      try (ContinuousLoad load = ContinuousLoad.start(target, 4, PAUSE)) {
        load.awaitAcknowledged(100);
        for (long offset : List.of(DAY, -DAY, 0L)) {
          setClock(offset);
          FaultSuite.letPass(each);
          load.awaitAcknowledged(50);
          assertThat(skewed.isAlive()).as(skewed.allOutput()).isTrue();
        }
        List<String> runs = load.stop();
        long duplicates = FaultFixture.awaitAndVerify(receiver, runs);

        expectSkewWithoutDuplicates(load, runs, duplicates);
        assertThat(correct.terminate()).as(correct.allOutput()).isZero();
        assertThat(skewed.terminate()).as(skewed.allOutput()).isZero();
      }
    }
  }

  private void expectSkewWithoutDuplicates(
      ContinuousLoad load, List<String> runs, long duplicates) {
    List<ReceivedRequest> log = receiver.requests();
    long now = Instant.now().getEpochSecond();
    long ahead = log.stream().filter(request -> sentAt(request) > now + ALMOST_A_DAY).count();
    long behind = log.stream().filter(request -> sentAt(request) < now - ALMOST_A_DAY).count();
    int maxAttempts = log.stream().mapToInt(ReceivedRequest::attempt).max().orElse(0);
    faultSuite.report(
        "one of two nodes a day ahead, then behind: %s; %d deliveries, %d requests, %d of them with timestamps a day ahead and %d a day behind; lost 0, %d duplicates, at most %d attempts"
            .formatted(
                load.summary(),
                runs.size() * ApiClient.STATES.size(),
                log.size(),
                ahead,
                behind,
                duplicates,
                maxAttempts));
    assertThat(ahead).as("requests from a clock that is ahead").isPositive();
    assertThat(behind).as("requests from a clock that is behind").isPositive();
    assertThat(duplicates).isZero();
    assertThat(maxAttempts).isLessThanOrEqualTo(MAX_ATTEMPTS);
  }

  private static long sentAt(ReceivedRequest request) {
    return Long.parseLong(request.header("webhook-timestamp"));
  }

  /// The last setting is necessary: without it, libfaketime treats waits on the monotonic clock as
  /// waits on the wall clock, so every wait in Java returns immediately and the process spins.
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
    Path newFile = folder.resolve("clock.new");
    Files.writeString(newFile, (offset < 0 ? "" : "+") + offset + "\n");
    Files.move(newFile, clock(), StandardCopyOption.ATOMIC_MOVE); // a partial file ends the process
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
