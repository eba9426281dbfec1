package dev.runhook.bootstrap.demo;

import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reports a tracked run from QUEUED to FINISHED and waits for each delivery at the receiver.
public final class DemoScenario {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final String STACK = "networking";
  private static final String RUNS = "/stacks/" + STACK + "/runs";
  private static final Map<String, String> EXTRA_FIELDS =
      Map.of(
          "UNCONFIRMED",
          """
          ,"delta":{"added":3,"changed":1,"deleted":0,"resources":42},"note":"3 to add, 1 to change"
          """,
          "CONFIRMED",
          ",\"note\":\"confirmed by octocat\"");
  private static final List<String> LATER_STATES =
      List.of(
          "PREPARING",
          "INITIALIZING",
          "PLANNING",
          "UNCONFIRMED",
          "CONFIRMED",
          "APPLYING",
          "FINISHED");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String api;
  private final String token;
  private final BlockingQueue<ReceivedDelivery> deliveries;
  private final PrintWriter out;

  /// @param deliveries the queue that the receiver adds to
  public DemoScenario(
      String serverUrl, String token, BlockingQueue<ReceivedDelivery> deliveries, PrintWriter out) {
    this.api = serverUrl + "/api/v1";
    this.token = token;
    this.deliveries = deliveries;
    this.out = out;
  }

  public void prepare(String endpoint, String secret) throws InterruptedException {
    send(
        "PUT", "/stacks/" + STACK, "{\"name\":\"Networking\",\"labels\":[\"aws\",\"production\"]}");
    send(
        "POST",
        "/stacks/" + STACK + "/webhooks",
        "{\"endpoint\":\"" + endpoint + "\",\"secret\":\"" + secret + "\"}");
  }

  /// Reports the run. Returns whether every transition arrived with valid signatures.
  public boolean run() throws InterruptedException {
    String run = "run-" + Long.toString(System.currentTimeMillis(), 36);
    out.printf("  %-14s %s%n", "reported", "received");
    boolean verified =
        report(
            "QUEUED",
            RUNS,
            """
            {"id":"%s","branch":"main","triggeredBy":"octocat@example.com",\
            "commit":{"hash":"0ee3f1c","message":"Add a subnet","authorName":"Octo Cat","authorLogin":"octocat"}}
            """
                .formatted(run));
    for (String state : LATER_STATES) {
      Thread.sleep(PAUSE);
      String body = "{\"state\":\"" + state + "\"" + EXTRA_FIELDS.getOrDefault(state, "") + "}";
      verified &= report(state, RUNS + "/" + run + "/transitions", body);
    }
    http.close();
    return verified;
  }

  public int transitionCount() {
    return 1 + LATER_STATES.size();
  }

  private boolean report(String state, String path, String json) throws InterruptedException {
    long start = System.nanoTime();
    send("POST", path, json);
    ReceivedDelivery delivery = deliveries.poll(DELIVERY_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
    out.printf("  %-14s %s%n", state, describe(delivery, start));
    out.flush();
    return delivery != null
        && delivery.verification().isVerified()
        && delivery.body().contains("\"state\":\"" + state + "\"");
  }

  /// Sends JSON to the API and expects success.
  private void send(String method, String path, String json) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + path))
            .timeout(REQUEST_TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            "%s %s failed with status %d: %s"
                .formatted(method, path, response.statusCode(), response.body()));
      }
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path + " failed", e);
    }
  }

  private static String describe(@Nullable ReceivedDelivery delivery, long start) {
    if (delivery == null) {
      return "nothing within " + DELIVERY_TIMEOUT.toSeconds() + " s";
    }
    String version = delivery.body().replaceAll("(?s).*\"stateVersion\":(\\d+).*", "$1");
    return "version %s after %3d ms, %d bytes, %s"
        .formatted(
            version,
            Duration.ofNanos(System.nanoTime() - start).toMillis(),
            delivery.body().length(),
            delivery.verification().summary());
  }
}
