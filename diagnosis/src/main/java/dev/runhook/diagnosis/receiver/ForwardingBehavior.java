package dev.runhook.diagnosis.receiver;

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
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Forwards deliveries with their headers and exact body, verified or not, and returns the response
/// of the target.
public final class ForwardingBehavior implements ReceiverBehavior {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int BAD_GATEWAY = 502;

  /// Headers of one connection, which must not be forwarded (RFC 9110, section 7.6.1).
  private static final Predicate<String> HOP_BY_HOP =
      Pattern.compile(
              "(?i)connection|content-length|date|expect|host|http2-settings|keep-alive"
                  + "|proxy-authenticate|proxy-authorization|te|trailer|transfer-encoding|upgrade")
          .asMatchPredicate();

  private final URI target;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(TIMEOUT)
          .build();

  private ForwardingBehavior(URI target) {
    this.target = target;
  }

  /// @param url its scheme can be left out if it is `http`
  /// @throws IllegalArgumentException if the URL is not a valid `http` or `https` URL
  public static ForwardingBehavior forwardingTo(String url) {
    try {
      URI target = URI.create(url.contains("://") ? url : "http://" + url);
      String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
      if (target.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return new ForwardingBehavior(target);
      }
    } catch (IllegalArgumentException ignored) {
      // rejected below
    }
    throw new IllegalArgumentException(
        "must be a URL such as http://localhost:3000/hooks, not \"" + url + "\"");
  }

  @Override
  public DeliveryResponse respond(ReceivedDelivery delivery) throws InterruptedException {
    try {
      HttpResponse<byte[]> response = client.send(request(delivery), BodyHandlers.ofByteArray());
      return new DeliveryResponse(
          response.statusCode(),
          headersOf(response),
          Payload.of(response.body()),
          "from " + targetWithoutQuery());
    } catch (IOException e) {
      return DeliveryResponse.of(
          BAD_GATEWAY, targetWithoutQuery() + " does not respond: " + reason(e));
    }
  }

  private HttpRequest request(ReceivedDelivery delivery) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .POST(BodyPublishers.ofByteArray(delivery.payload().bytes()));
    delivery
        .headers()
        .forEach((name, value) -> {
          if (!HOP_BY_HOP.test(name)) {
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
          if (!HOP_BY_HOP.test(name) && !name.startsWith(":")) {
            headers.put(name, String.join(", ", values));
          }
        });
    return headers;
  }

  /// Returns the target without its query, which may contain a key.
  private String targetWithoutQuery() {
    return target.getScheme() + "://" + target.getRawAuthority() + target.getRawPath();
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
