package dev.runhook.outbound.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Collects the first 16 KiB of a response body. It closes the connection if the body is longer. It
/// never fails: if the body breaks or is aborted, the result is what was received until then.
final class BoundedBodySubscriber implements BodySubscriber<BoundedBodySubscriber.BodyExcerpt> {
  static final int MAX_BYTES = 16 * 1024;

  /// @param truncated whether the body is or may be longer
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record BodyExcerpt(byte[] bytes, boolean truncated) {}

  private final ByteArrayOutputStream received = new ByteArrayOutputStream(256);
  private final CompletableFuture<BodyExcerpt> result = new CompletableFuture<>();
  private @Nullable Subscription subscription;
  private boolean done;

  @Override
  public CompletionStage<BodyExcerpt> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    boolean late;
    synchronized (this) {
      late = done;
      subscription = newSubscription;
    }
    if (late) {
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
    end(true);
  }

  @Override
  public void onComplete() {
    end(false);
  }

  /// Ends the body and closes its connection. May be called from any thread at any time.
  void abort() {
    Subscription open;
    synchronized (this) {
      open = done ? null : subscription;
    }
    if (open != null) {
      open.cancel();
    }
    end(true);
  }

  synchronized BodyExcerpt excerptSoFar() {
    return new BodyExcerpt(received.toByteArray(), true);
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

  /// Completes the result outside the lock, because that runs code of the client.
  private void end(boolean truncated) {
    BodyExcerpt excerpt;
    synchronized (this) {
      if (done) {
        return;
      }
      done = true;
      excerpt = new BodyExcerpt(received.toByteArray(), truncated);
    }
    result.complete(excerpt);
  }
}
