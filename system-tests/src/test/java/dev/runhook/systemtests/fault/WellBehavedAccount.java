package dev.runhook.systemtests.fault;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.systemtests.fixture.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/// An account that reports at a fixed rate, whatever the latencies are, and measures them.
final class WellBehavedAccount {
  private static final String HOST = "known" + HangingNamesMain.ANSWERED;
  private static final String STACK = "calm";
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private final TimedReceiver receiver;

  WellBehavedAccount(TimedReceiver receiver) {
    this.receiver = receiver;
  }

  /// @param reports from the request to its response
  /// @param deliveries from the request to the first attempt
  /// @param retries from the time that a receiver asked for to the second attempt
  record Measurement(Latencies reports, Latencies deliveries, Latencies retries) {
    long slowest() {
      return List.of(reports, deliveries, retries).stream()
          .mapToLong(latencies -> latencies.percentile(99))
          .max()
          .orElseThrow();
    }

    @Override
    public String toString() {
      return "reports %s; deliveries %s; retries %s".formatted(reports, deliveries, retries);
    }
  }

  /// Creates a webhook whose receiver accepts everything, and one whose receiver refuses the first
  /// attempts of runs that begin.
  void createWebhooks(ApiClient client) throws IOException {
    client.putStack(STACK);
    String webhooks = "/stacks/" + STACK + "/webhooks";
    client.post(webhooks, endpoint("/timed") + "}").requireSuccess();
    client
        .post(
            webhooks,
            endpoint("/retried") + ",\"states\":[\"QUEUED\"],\"retrySchedule\":[\"PT0.1S\"]}")
        .requireSuccess();
  }

  private String endpoint(String path) {
    return "{\"endpoint\":\"" + receiver.url(HOST, path) + "\"";
  }

  /// Starts runs during this time, and waits for all of their deliveries.
  Measurement measure(ApiClient client, Duration duration) throws Exception {
    Map<String, Long> sentAt = new ConcurrentHashMap<>();
    Map<String, Long> acknowledgedAt = new ConcurrentHashMap<>();
    List<String> runs =
        IntStream.range(0, (int) duration.dividedBy(INTERVAL))
            .mapToObj(_ -> UUID.randomUUID().toString())
            .toList();
    atFixedRate(
        runs,
        INTERVAL,
        run -> {
          for (int version = 1; version <= 2; version++) {
            String key = TimedReceiver.key("/timed", run, version, 1);
            sentAt.put(key, System.nanoTime());
            client.recordVersion(STACK, run, version).requireSuccess();
            acknowledgedAt.put(key, System.nanoTime());
          }
        });
    awaitReceived(client, runs.stream().map(run -> retried(run, 2)).toList());
    awaitReceived(client, List.copyOf(sentAt.keySet()));
    Map<String, Long> receivedAt = receiver.receivedAt();
    Map<String, Long> dueAt = new HashMap<>();
    runs.forEach(run ->
        dueAt.put(
            retried(run, 2),
            receivedAt.getOrDefault(retried(run, 1), 0L) + TimedReceiver.RETRY_AFTER.toNanos()));
    return new Measurement(
        Latencies.between(sentAt, acknowledgedAt),
        Latencies.between(sentAt, receivedAt),
        Latencies.between(dueAt, receivedAt));
  }

  private static String retried(String run, int attempt) {
    return TimedReceiver.key("/retried", run, 1, attempt);
  }

  /// Creates webhooks with names that have not been looked up before, and pings them.
  ///
  /// @return from each request to its delivery
  Latencies measureNewNames(ApiClient client, int count) throws Exception {
    String stack = "names-" + UUID.randomUUID();
    client.putStack(stack);
    Map<String, Long> sentAt = new ConcurrentHashMap<>();
    Map<String, String> webhooks = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String path = "/timed/" + stack + "/" + i;
      String url = receiver.url(stack + "-" + i + HangingNamesMain.ANSWERED, path);
      webhooks.put(path, client.createWebhook(stack, url, MeteredReceiver.SECRET));
    }
    atFixedRate(
        List.copyOf(webhooks.keySet()),
        INTERVAL,
        path -> {
          sentAt.put(TimedReceiver.key(path, "", 0, 1), System.nanoTime());
          client
              .post("/stacks/" + stack + "/webhooks/" + webhooks.get(path) + "/ping", "")
              .requireSuccess();
        });
    awaitReceived(client, List.copyOf(sentAt.keySet()));
    return Latencies.between(sentAt, receiver.receivedAt());
  }

  private void awaitReceived(ApiClient client, List<String> attempts) throws IOException {
    try {
      await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(MAX_WAIT)
          .until(() -> receiver.receivedAt().keySet().containsAll(attempts));
    } catch (ConditionTimeoutException e) {
      List<String> missing = new ArrayList<>(attempts);
      missing.removeAll(receiver.receivedAt().keySet());
      throw new AssertionError(
          "%s did not arrive; the latest attempts are %s".formatted(missing, attempts(client)), e);
    }
  }

  private static List<String> attempts(ApiClient client) throws IOException {
    List<String> attempts = new ArrayList<>();
    for (JsonNode delivery : client.get("/deliveries?limit=100").json().path("items")) {
      String id = delivery.path("id").asText();
      String body = client.get("/deliveries/" + id + "/attempts").body();
      attempts.add(delivery.path("run") + " v" + delivery.path("stateVersion") + " " + body);
    }
    return attempts;
  }

  private interface Call {
    void send(String item) throws IOException;
  }

  private static void atFixedRate(List<String> items, Duration interval, Call call)
      throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      List<Future<?>> calls =
          IntStream.range(0, items.size())
              .<Future<?>>mapToObj(i ->
                  executor.submit(() -> {
                    Thread.sleep(
                        Duration.ofNanos(start + interval.toNanos() * i - System.nanoTime()));
                    call.send(items.get(i));
                    return null;
                  }))
              .toList();
      for (Future<?> each : calls) {
        each.get();
      }
    }
  }
}
