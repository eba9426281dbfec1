package dev.runhook.bootstrap.receiver;

import dev.runhook.domain.event.Payload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Passes deliveries on, with their headers and the very bytes of their body, verified or not, and
/// answers what the target answers.
public final class ForwardingBehavior implements ReceiverBehavior {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BAD_GATEWAY = 502;

  /// What is between two neighbours and none of the message.
  private static final Set<String> NEIGHBOURLY =
      Set.of(
          "connection",
          "content-length",
          "date",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final URI target;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();

  private ForwardingBehavior(URI target) {
    this.target = target;
  }

  /// Refuses what is no `http` or `https` URL.
  public static ForwardingBehavior forwardingTo(String url) {
    try {
      URI target = URI.create(url);
      String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
      if (target.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return new ForwardingBehavior(target);
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "must be a URL such as http://localhost:3000/hooks, not \"" + url + "\"");
  }

  @Override
  public DeliveryResponse respond(ReceivedDelivery receivedDelivery) throws InterruptedException {
    try {
      HttpResponse<byte[]> response =
          client.send(request(receivedDelivery), BodyHandlers.ofByteArray());
      return new DeliveryResponse(
          response.statusCode(),
          headersOf(response),
          Payload.of(response.body()),
          "from " + shown());
    } catch (IOException e) {
      return DeliveryResponse.of(BAD_GATEWAY, shown() + " does not answer: " + reason(e));
    }
  }

  private HttpRequest request(ReceivedDelivery receivedDelivery) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofByteArray(receivedDelivery.payload().bytes()));
    receivedDelivery
        .headers()
        .forEach((name, value) -> {
          if (!NEIGHBOURLY.contains(name)) {
            request.header(name, value);
          }
        });
    return request.build();
  }

  private static Map<String, String> headersOf(HttpResponse<?> response) {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!NEIGHBOURLY.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
            headers.put(name, String.join(", ", values));
          }
        });
    return headers;
  }

  /// Without the query: there may be a key in it.
  private String shown() {
    return target.getScheme() + "://" + target.getRawAuthority() + target.getRawPath();
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
