package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.outbound.http.BoundedBodySubscriber.BodyExcerpt;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import org.jspecify.annotations.Nullable;

/// One request and what came of it. Until the headers are there the client's timeout guards it,
/// from then on [BodyWatchdog] do.
final class DeliveryExchange implements BodyWatchdog.Watched {
  private final Deadline deadline;
  private final BodyWatchdog bodyWatchdog;
  private final ResponseMapper responseMapper;
  private final ExceptionMapper exceptionMapper;
  private final BoundedBodySubscriber body = new BoundedBodySubscriber();
  private volatile @Nullable ResponseInfo head;
  private @Nullable Outcome outcome;
  private boolean closedUnanswered;
  private boolean wholeBody;

  DeliveryExchange(
      Deadline deadline, BodyWatchdog deadlines, ResponseMapper answers, ExceptionMapper failures) {
    this.deadline = deadline;
    this.bodyWatchdog = deadlines;
    this.responseMapper = answers;
    this.exceptionMapper = failures;
  }

  /// Runs it on the calling thread. Interrupting that ends it, which closes the connection.
  void run(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<BodyExcerpt> response = client.send(request, this::begin);
      @Nullable BodyExcerpt bodyExcerpt = response.body(); // none where a proxy wants credentials
      wholeBody = bodyExcerpt != null && !bodyExcerpt.truncated();
      outcome =
          responseMapper.map(
              response.statusCode(),
              response.headers(),
              bodyExcerpt == null ? body.excerptSoFar() : bodyExcerpt);
    } catch (IOException | RuntimeException e) {
      outcome = outcomeDespite(e, request);
      closedUnanswered = head == null && ExceptionMapper.isClosedWithoutResponse(e);
    } catch (InterruptedException e) {
      if (head == null) {
        throw e;
      }
      Thread.currentThread().interrupt();
      outcome = answered(body.excerptSoFar());
    } finally {
      bodyWatchdog.unwatch(this);
    }
  }

  @Override
  public Deadline deadline() {
    return deadline;
  }

  @Override
  public void abort() {
    body.abort();
  }

  Outcome outcome() {
    if (outcome == null) {
      throw new IllegalStateException("the exchange has not run");
    }
    return outcome;
  }

  /// Whether the connection was closed before the first byte of an answer.
  boolean wasClosedWithoutResponse() {
    return closedUnanswered;
  }

  /// Whether the client may use the connection again.
  boolean isConnectionReusable() {
    ResponseInfo seen = head;
    return wholeBody && seen != null && !closes(seen.headers());
  }

  private BodySubscriber<BodyExcerpt> begin(ResponseInfo seen) {
    head = seen;
    bodyWatchdog.watch(this);
    return body;
  }

  /// The status line decides, unless the head itself proves to be unreadable, which the client
  /// tells by an [IllegalArgumentException].
  private Outcome outcomeDespite(Exception failure, HttpRequest request) {
    if (head != null && !(failure instanceof IllegalArgumentException)) {
      return answered(body.excerptSoFar());
    }
    return ExceptionMapper.is204WithContentLength(failure)
        ? Responded.of(204)
        : exceptionMapper.map(failure, request.uri());
  }

  private Outcome answered(BodyExcerpt bodyExcerpt) {
    ResponseInfo seen = head;
    if (seen == null) {
      throw new IllegalStateException("a body without a head");
    }
    return responseMapper.map(seen.statusCode(), seen.headers(), bodyExcerpt);
  }

  private static boolean closes(HttpHeaders headers) {
    return headers.allValues("Connection").stream().anyMatch("close"::equalsIgnoreCase);
  }
}
