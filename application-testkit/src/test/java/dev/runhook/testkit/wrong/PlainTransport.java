package dev.runhook.testkit.wrong;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.spi.Transport;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.Set;

/// A transport as one would write it in a minute, with the mistakes that it is asked to make.
record PlainTransport(HttpClient client, Set<Mistake> mistakes) implements Transport {
  enum Mistake {
    FOLLOWS_REDIRECTS,
    KNOWS_NO_TIMEOUT,
    THROWS_WHAT_THE_NETWORK_DOES,
    READS_THE_PAYLOAD_AS_TEXT,
    SHRUGS_OFF_INTERRUPTS
  }

  static PlainTransport making(Mistake... mistakes) {
    Set<Mistake> made = Set.of(mistakes);
    Redirect redirects =
        made.contains(Mistake.FOLLOWS_REDIRECTS) ? Redirect.ALWAYS : Redirect.NEVER;
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(redirects)
            .build();
    return new PlainTransport(client, made);
  }

  @Override
  public Outcome post(SignedRequest request) {
    try {
      return Outcome.Answered.of(
          client.send(wire(request), BodyHandlers.discarding()).statusCode());
    } catch (HttpTimeoutException _) {
      return new Unanswered(Cause.TIMEOUT, "no answer in time");
    } catch (ConnectException e) {
      if (mistakes.contains(Mistake.THROWS_WHAT_THE_NETWORK_DOES)) {
        throw new IllegalStateException("cannot connect", e);
      }
      return new Unanswered(Cause.CONNECTION_REFUSED, "nobody listens there");
    } catch (IOException _) {
      return new Unanswered(Cause.CONNECTION_RESET, "the connection broke");
    } catch (InterruptedException _) {
      return interrupted(request);
    }
  }

  private Outcome interrupted(SignedRequest request) {
    if (mistakes.contains(Mistake.SHRUGS_OFF_INTERRUPTS)) {
      return post(request);
    }
    Thread.currentThread().interrupt();
    return new Outcome.Faulted("the sender was stopped");
  }

  private HttpRequest wire(SignedRequest request) {
    byte[] body =
        mistakes.contains(Mistake.READS_THE_PAYLOAD_AS_TEXT)
            ? request.payload().text().getBytes(UTF_8)
            : request.payload().bytes();
    HttpRequest.Builder wire =
        HttpRequest.newBuilder(request.endpoint().uri()).POST(BodyPublishers.ofByteArray(body));
    request.headers().forEach(header -> wire.header(header.name(), header.value()));
    if (!mistakes.contains(Mistake.KNOWS_NO_TIMEOUT)) {
      wire.timeout(request.timeout());
    }
    return wire.build();
  }
}
