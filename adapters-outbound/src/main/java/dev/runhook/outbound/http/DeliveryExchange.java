package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.outbound.http.BoundedBodySubscriber.BodyExcerpt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One request and its outcome. The timeout of the client applies until the response headers
/// arrive; after that, the [BodyWatchdog] applies the deadline.
final class DeliveryExchange {
  private final URI endpoint;
  private final Deadline deadline;
  private final BodyWatchdog watchdog;
  private final ResponseMapper responseMapper;
  private final ExceptionMapper exceptionMapper;
  private final BoundedBodySubscriber body = new BoundedBodySubscriber();
  private volatile @Nullable ResponseInfo responseInfo;
  private @Nullable Outcome outcome;
  private boolean closedWithoutResponse;
  private boolean bodyComplete;

  DeliveryExchange(
      URI endpoint,
      Deadline deadline,
      BodyWatchdog watchdog,
      ResponseMapper responseMapper,
      ExceptionMapper exceptionMapper) {
    this.endpoint = endpoint;
    this.deadline = deadline;
    this.watchdog = watchdog;
    this.responseMapper = responseMapper;
    this.exceptionMapper = exceptionMapper;
  }

  /// Sends the request on the calling thread. An interrupt ends the exchange and closes the
  /// connection.
  void run(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<BodyExcerpt> response = client.send(request, this::begin);
      BodyExcerpt excerpt = // there is no body if a proxy requires credentials
          Objects.requireNonNullElseGet(response.body(), () -> body.excerpt(true));
      bodyComplete = !excerpt.truncated();
      outcome = responseMapper.map(response.statusCode(), response.headers(), excerpt);
    } catch (IOException | RuntimeException e) {
      outcome = outcomeOf(e);
      closedWithoutResponse = responseInfo == null && ExceptionMapper.isClosedWithoutResponse(e);
    } catch (InterruptedException e) {
      ResponseInfo info = responseInfo;
      if (info == null) {
        throw e;
      }
      Thread.currentThread().interrupt();
      outcome = cutOff(info);
    } finally {
      watchdog.unwatch(body);
    }
  }

  Outcome outcome() {
    if (outcome == null) {
      throw new IllegalStateException("the exchange has not run");
    }
    return outcome;
  }

  /// Returns whether the connection was closed before the first byte of a response.
  boolean wasClosedWithoutResponse() {
    return closedWithoutResponse;
  }

  /// Returns whether the client may reuse the connection.
  boolean isConnectionReusable() {
    ResponseInfo info = responseInfo;
    return bodyComplete
        && info != null
        && info.headers().allValues("Connection").stream().noneMatch("close"::equalsIgnoreCase);
  }

  private BodySubscriber<BodyExcerpt> begin(ResponseInfo info) {
    responseInfo = info;
    watchdog.watch(body, deadline);
    return body;
  }

  /// Maps an exception to an outcome. Once a status line has been received, the status decides,
  /// unless the client rejects the headers with an [IllegalArgumentException].
  private Outcome outcomeOf(Exception failure) {
    ResponseInfo info = responseInfo;
    if (info != null && !(failure instanceof IllegalArgumentException)) {
      return cutOff(info);
    }
    return ExceptionMapper.is204WithContentLength(failure)
        ? Responded.of(204)
        : exceptionMapper.map(failure, endpoint);
  }

  private Outcome cutOff(ResponseInfo info) {
    return responseMapper.map(info.statusCode(), info.headers(), body.excerpt(true));
  }
}
