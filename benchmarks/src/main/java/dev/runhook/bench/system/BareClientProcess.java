package dev.runhook.bench.system;

import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.sink.ReceiptLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The JDK's HTTP client, used in the fastest known way. It sends requests of the same size with
/// the same headers, without a database or signatures.
public final class BareClientProcess {
  private static final int IN_FLIGHT = 64;

  private BareClientProcess() {}

  /// Arguments: the URL of the endpoints without their number, the number of endpoints, the files
  /// of receipts and acknowledgements, and the capacity of these files.
  public static void main(String[] arguments) throws IOException {
    int endpoints = Integer.parseInt(arguments[1]);
    int capacity = Integer.parseInt(arguments[4]);
    ReceiptLog receipts = ReceiptLog.map(Path.of(arguments[2]), capacity);
    Timestamps acknowledgements = Timestamps.map(Path.of(arguments[3]), capacity);
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Runnable::run)
            .build();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    Callers callers =
        new Callers(threads, IN_FLIGHT, new BackpressureWindow(receipts, capacity, 1));
    CommandLoop.run(count ->
        callers.run(
            count,
            number -> {
              post(client, URI.create(arguments[0] + (number % endpoints)), number);
              acknowledgements.set(number, System.nanoTime());
            }));
  }

  static HttpRequest request(URI endpoint, int number) {
    String padding = "x".repeat(680);
    return HttpRequest.newBuilder(endpoint)
        .header("Content-Type", "application/json")
        .header("User-Agent", "Runhook/bench")
        .header("X-Runhook-Event", "run_state_changed")
        .header(
            "X-Runhook-Delivery",
            String.format(Locale.ROOT, "01970000-0000-7000-8000-%012x", number))
        .header("X-Runhook-Attempt", "1")
        .header("X-Signature", "sha1=" + "0".repeat(40))
        .header("X-Signature-256", "sha256=" + "0".repeat(64))
        .header("webhook-id", "01970000-0000-7000-8000-000000000000")
        .header("webhook-timestamp", "1764000000")
        .header("webhook-signature", "v1," + "0".repeat(44))
        .POST(
            HttpRequest.BodyPublishers.ofByteArray(
                ("{\"pad\":\"" + padding + "\",\"note\":\"" + number + "\"}")
                    .getBytes(StandardCharsets.US_ASCII)))
        .build();
  }

  static void post(HttpClient client, URI endpoint, int number) {
    try {
      int status = client.send(request(endpoint, number), BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IllegalStateException("the sink responded with status " + status);
      }
    } catch (IOException e) {
      throw new IllegalStateException("the sink does not respond", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
