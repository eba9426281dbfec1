package dev.runhook.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The code of `docs/receiving.md`, which receives what Runhook signs.
class HttpServerReceiverTest {
  private static final byte[] BODY = "{\"state\":\"FINISHED\",\"note\":\"Grüße\"}".getBytes(UTF_8);

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final HttpServer server = createServer();

  private static HttpServer createServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void receive(String secret) {
    DeliveryReceiver receiver = DeliveryReceiver.withSecret(secret);
    server.createContext(
        "/hooks",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          DeliveryResult result =
              receiver.receive(
                  exchange.getRequestHeaders()::getFirst,
                  body,
                  () -> events.add(new String(body, UTF_8)));
          exchange.sendResponseHeaders(result.status(), -1);
          exchange.close();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chosen by a user",
        "schlüssel-鍵",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_c2hvcnQ="
      })
  void what_runhook_signs_is_accepted(String secret) throws Exception {
    receive(secret);

    assertThat(statusOf(signedWith(secret))).isEqualTo(204);
    assertThat(statusOf(signedWith(secret))).isEqualTo(204);
    assertThat(statusOf(signedWith(secret + "x"))).isEqualTo(401);

    assertThat(events).containsExactly(new String(BODY, UTF_8));
  }

  private static int statusOf(HttpRequest request) throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  private HttpRequest signedWith(String secret) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks"))
            .POST(BodyPublishers.ofByteArray(BODY));
    new WebhookSigner(false)
        .signatureHeaders(
            SigningKeys.of(SigningSecret.parse(secret)), "event-1", Instant.now(), BODY)
        .forEach(header -> request.header(header.name(), header.value()));
    return request.build();
  }
}
