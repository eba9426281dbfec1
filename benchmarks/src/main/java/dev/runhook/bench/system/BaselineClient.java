package dev.runhook.bench.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.bench.load.Dataset;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.WebhookSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// The HTTP client of the baselines: the JDK's, used in the fastest known way. Its requests have
/// the same size and headers as those of Runhook.
final class BaselineClient {
  private static final String PADDING = "x".repeat(680);
  private static final SigningKeys KEYS = SigningKeys.of(Dataset.SECRET);

  /// As long as the signatures. One has another name, so that the sink does not verify it.
  private static final List<Header> PLACEHOLDERS =
      List.of(
          new Header("X-Signature", "sha1=" + "0".repeat(40)),
          new Header("X-Placeholder-1", "sha256=" + "0".repeat(64)),
          new Header("webhook-id", "01970000-0000-7000-8000-000000000000"),
          new Header("webhook-timestamp", "1764000000"),
          new Header("webhook-signature", "v1," + "0".repeat(44)));

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(Runnable::run).build();
  private final WebhookSigner signer = new WebhookSigner(true);
  private final String endpoint;
  private final int endpoints;

  /// @param endpoint the URL of the endpoints without their number
  /// @param endpoints the number of endpoints
  BaselineClient(String endpoint, int endpoints) {
    this.endpoint = endpoint;
    this.endpoints = endpoints;
  }

  /// Returns the payload of a report, by which the sink identifies it.
  static String payload(int number) {
    return "{\"pad\":\"" + PADDING + "\",\"note\":\"" + number + "\"}";
  }

  /// Sends a report with placeholders instead of signatures.
  void post(int number) {
    send(number, deliveryId(number), payload(number).getBytes(UTF_8), PLACEHOLDERS);
  }

  /// Signs the payload of a report like Runhook, and sends it.
  void postSigned(int number, String payload) {
    byte[] body = payload.getBytes(UTF_8);
    String id = deliveryId(number);
    send(number, id, body, signer.signatureHeaders(KEYS, id, Instant.now(), body));
  }

  private static String deliveryId(int number) {
    return String.format(Locale.ROOT, "01970000-0000-7000-8000-%012x", number);
  }

  private void send(int number, String id, byte[] body, List<Header> signatures) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + (number % endpoints)))
            .header("Content-Type", "application/json")
            .header("User-Agent", "Runhook/bench")
            .header("X-Runhook-Event", "run_state_changed")
            .header("X-Runhook-Delivery", id)
            .header("X-Runhook-Attempt", "1")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    signatures.forEach(header -> request.header(header.name(), header.value()));
    try {
      int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
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
