package dev.runhook.outbound.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Collects the first 16 KiB of a response body and closes the connection if the body is longer. It
/// never fails: if the body breaks or is aborted, the result is what was received until then.
final class BoundedBodySubscriber implements BodySubscriber<BoundedBodySubscriber.BodyExcerpt> {
  static final int MAX_BYTES = 16 * 1024;

  /// @param truncated whether the body is or may be longer
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record BodyExcerpt(byte[] bytes, boolean truncated) {}

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

  /// Ends the body and closes its connection. May be called from any thread at any time, and has no
  /// effect if the body has ended.
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
      byte[] chunk = new byte[Math.min(buffer.remaining(), MAX_BYTES - received.size())];
      buffer.get(chunk);
      received.writeBytes(chunk);
      if (buffer.hasRemaining()) {
        return false;
      }
    }
    return true;
  }
}
