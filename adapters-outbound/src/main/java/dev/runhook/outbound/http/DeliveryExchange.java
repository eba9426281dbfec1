package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Responded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// One request and its outcome. The timeout of the client applies until the response headers
/// arrive; after that, the [BodyWatchdog] applies the deadline.
final class DeliveryExchange {
  static final int MAX_BODY_BYTES = 16 * 1024;

  private final URI endpoint;
  private final Deadline deadline;
  private final BodyWatchdog watchdog;
  private final OutcomeMapper outcomes;
  private final BoundedBodySubscriber body = new BoundedBodySubscriber();
  private final Runnable abort = body::abort;
  private volatile @Nullable ResponseInfo responseInfo;
  private @Nullable Outcome outcome;
  private boolean closedWithoutResponse;
  private boolean bodyComplete;

  DeliveryExchange(URI endpoint, Deadline deadline, BodyWatchdog watchdog, OutcomeMapper outcomes) {
    this.endpoint = endpoint;
    this.deadline = deadline;
    this.watchdog = watchdog;
    this.outcomes = outcomes;
  }

  /// Sends the request on the calling thread. An interrupt ends the exchange and closes the
  /// connection.
  void run(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<BodyExcerpt> response = client.send(request, this::begin);
      BodyExcerpt excerpt = // there is no body if a proxy requires credentials
          Objects.requireNonNullElseGet(response.body(), () -> body.excerpt(true));
      bodyComplete = !excerpt.truncated();
      outcome = responded(response.statusCode(), response.headers(), excerpt);
    } catch (IOException | RuntimeException e) {
      outcome = outcomeOf(e);
      closedWithoutResponse = responseInfo == null && OutcomeMapper.isClosedWithoutResponse(e);
    } catch (InterruptedException e) {
      ResponseInfo info = responseInfo;
      if (info == null) {
        throw e;
      }
      Thread.currentThread().interrupt();
      outcome = cutOff(info);
    } finally {
      watchdog.unwatch(abort);
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
    watchdog.watch(abort, deadline);
    return body;
  }

  /// Maps an exception to an outcome. Once a status line has been received, the status decides,
  /// unless the client rejects the headers with an [IllegalArgumentException].
  private Outcome outcomeOf(Exception failure) {
    ResponseInfo info = responseInfo;
    if (info != null && !(failure instanceof IllegalArgumentException)) {
      return cutOff(info);
    }
    return OutcomeMapper.is204WithContentLength(failure)
        ? Responded.of(204)
        : outcomes.map(failure, endpoint);
  }

  private Outcome responded(int status, HttpHeaders headers, BodyExcerpt excerpt) {
    return outcomes.map(status, headers, excerpt.bytes(), excerpt.truncated());
  }

  private Outcome cutOff(ResponseInfo info) {
    return responded(info.statusCode(), info.headers(), body.excerpt(true));
  }

  /// @param truncated whether the body is or may be longer
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record BodyExcerpt(byte[] bytes, boolean truncated) {}

  /// Collects the first 16 KiB of a response body and closes the connection if the body is longer.
  /// It never fails: if the body breaks or is aborted, the result is what was received until then.
  private static final class BoundedBodySubscriber implements BodySubscriber<BodyExcerpt> {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream(256);
    private final CompletableFuture<BodyExcerpt> result = new CompletableFuture<>();
    private volatile @Nullable Subscription subscription;

    @Override
    public CompletionStage<BodyExcerpt> getBody() {
      return result;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
      subscription = newSubscription;
      if (result.isDone()) { // aborted before the body began
        newSubscription.cancel();
      } else {
        newSubscription.request(Long.MAX_VALUE);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      if (!append(buffers)) {
        abort();
      }
    }

    @Override
    public void onError(Throwable failure) {
      result.complete(excerpt(true));
    }

    @Override
    public void onComplete() {
      result.complete(excerpt(false));
    }

    /// Ends the body and closes its connection. May be called from any thread at any time, and has
    /// no effect if the body has ended.
    void abort() {
      if (result.complete(excerpt(true))) {
        Subscription open = subscription;
        if (open != null) {
          open.cancel();
        }
      }
    }

    synchronized BodyExcerpt excerpt(boolean truncated) {
      return new BodyExcerpt(received.toByteArray(), truncated);
    }

    /// Returns false if the buffers exceed the limit.
    private synchronized boolean append(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] chunk = new byte[Math.min(buffer.remaining(), MAX_BODY_BYTES - received.size())];
        buffer.get(chunk);
        received.writeBytes(chunk);
        if (buffer.hasRemaining()) {
          return false;
        }
      }
      return true;
    }
  }
}
