package dev.runhook.simulation;

import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The receivers of a world. Each endpoint answers, fails, hangs or answers late, as its mode says.
final class Receivers {
  /// A claim and the deliveries that are recorded meanwhile do not know of each other: together,
  /// they can take half of what is free, and then half of the rest.
  private static final int MAX_OF_ACCOUNT = NodeProcess.CONFIG.maxInFlight() * 3 / 4;

  private static final int MAX_OF_WEBHOOK = NodeProcess.CONFIG.maxInFlightPerWebhook() + 1;
  private static final Duration CONNECT_TIME = Duration.ofMillis(2);

  private final World world;
  private final Map<String, Mode> modes = new HashMap<>();

  /// The requests without a response, by process, and by account and endpoint.
  private final Map<NodeProcess, Map<Object, Integer>> inFlight = new HashMap<>();

  /// How a receiver behaves.
  enum Mode {
    ANSWERS,
    FAILS,
    HANGS,
    ANSWERS_LATE,
    REFUSES_CONNECTIONS,
    FLAKY,
    IS_GONE;

    private static final List<Mode> ALL = List.of(values());

    /// What a flaky receiver does.
    private static final List<Mode> OF_FLAKY =
        List.of(ANSWERS, FAILS, HANGS, ANSWERS_LATE, REFUSES_CONNECTIONS);

    static Mode choose(Random random) {
      return ALL.get(random.nextInt(ALL.size()));
    }
  }

  Receivers(World world) {
    this.world = world;
  }

  void setMode(String endpoint, Mode mode) {
    modes.put(endpoint, mode);
  }

  void repairAll() {
    modes.clear();
  }

  void forget(NodeProcess process) {
    inFlight.remove(process);
  }

  Outcome post(NodeProcess process, SignedRequest request) {
    process.riskyStep(EnumSet.noneOf(Arrow.class));
    String endpoint = request.endpoint().text();
    count(process, request, 1);
    try {
      Mode mode = modes.getOrDefault(endpoint, Mode.ANSWERS);
      if (mode == Mode.FLAKY) {
        mode = Mode.OF_FLAKY.get(world.choices().choose(Mode.OF_FLAKY.size()));
      }
      if (mode == Mode.REFUSES_CONNECTIONS) {
        Threads.sleep(CONNECT_TIME);
        return new NoResponse(Outcome.Cause.CONNECTION_REFUSED, "connection refused");
      }
      int status = mode == Mode.FAILS ? 500 : mode == Mode.IS_GONE ? 410 : 200;
      boolean isLate = mode == Mode.HANGS || mode == Mode.ANSWERS_LATE;
      boolean isAccepted = mode == Mode.ANSWERS || mode == Mode.ANSWERS_LATE;
      world.checks().onRequest(process, request, isAccepted, !isAccepted || isLate);
      if (isLate) {
        Threads.sleep(request.timeout());
        return new NoResponse(Outcome.Cause.TIMEOUT, "no response in time");
      }
      Threads.sleep(world.choices().responseTime());
      process.riskyStep(EnumSet.noneOf(Arrow.class));
      return Outcome.Responded.of(status);
    } finally {
      count(process, request, -1);
    }
  }

  private void count(NodeProcess process, SignedRequest request, int change) {
    Map<Object, Integer> counts = inFlight.computeIfAbsent(process, ignored -> new HashMap<>());
    int ofAccount = counts.merge(request.account(), change, Integer::sum);
    int ofEndpoint = counts.merge(request.endpoint().text(), change, Integer::sum);
    if (change > 0 && ofAccount > MAX_OF_ACCOUNT) {
      throw world.fail("fairness", request.account() + " has " + ofAccount + " requests");
    }
    if (change > 0 && ofEndpoint > MAX_OF_WEBHOOK) {
      throw world.fail("limit of a webhook", request.endpoint() + " has " + ofEndpoint);
    }
  }
}
