package dev.runhook.testkit.faulty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.Set;

/// A simple transport with selected faults.
record FaultyTransport(HttpClient client, Set<Fault> faults) implements Transport {
  enum Fault {
    FOLLOWS_REDIRECTS,
    IGNORES_TIMEOUT,
    THROWS_NETWORK_ERRORS,
    DECODES_PAYLOAD_AS_TEXT,
    IGNORES_INTERRUPTS
  }

  static FaultyTransport with(Fault... faults) {
    Set<Fault> selected = Set.of(faults);
    Redirect redirects =
        selected.contains(Fault.FOLLOWS_REDIRECTS) ? Redirect.ALWAYS : Redirect.NEVER;
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(redirects)
            .build();
    return new FaultyTransport(client, selected);
  }

  @Override
  public Outcome post(SignedRequest request) {
    try {
      return Outcome.Responded.of(
          client.send(httpRequest(request), BodyHandlers.discarding()).statusCode());
    } catch (HttpTimeoutException ignored) {
      return new NoResponse(Cause.TIMEOUT, "no response in time");
    } catch (ConnectException e) {
      if (faults.contains(Fault.THROWS_NETWORK_ERRORS)) {
        throw new IllegalStateException("cannot connect", e);
      }
      return new NoResponse(Cause.CONNECTION_REFUSED, "connection refused");
    } catch (IOException ignored) {
      return new NoResponse(Cause.CONNECTION_RESET, "connection reset");
    } catch (InterruptedException ignored) {
      return interrupted(request);
    }
  }

  private Outcome interrupted(SignedRequest request) {
    if (faults.contains(Fault.IGNORES_INTERRUPTS)) {
      return post(request);
    }
    Thread.currentThread().interrupt();
    return new Outcome.InternalFailure("the sender was interrupted");
  }

  private HttpRequest httpRequest(SignedRequest request) {
    byte[] body =
        faults.contains(Fault.DECODES_PAYLOAD_AS_TEXT)
            ? request.payload().text().getBytes(UTF_8)
            : request.payload().bytes();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(request.endpoint().uri()).POST(BodyPublishers.ofByteArray(body));
    request.headers().forEach(header -> builder.header(header.name(), header.value()));
    if (!faults.contains(Fault.IGNORES_TIMEOUT)) {
      builder.timeout(request.timeout());
    }
    return builder.build();
  }
}
