package dev.runhook.outbound.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Keeps the first 16 KiB of a body. It always completes normally: when there is more it closes the
/// connection, and when the body breaks or is cut off, what came so far is the body.
final class BoundedBodySubscriber implements BodySubscriber<BoundedBodySubscriber.BodyExcerpt> {
  static final int MAX_BYTES = 16 * 1024;

  /// @param truncated whether there was, or might have been, more
  @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
  record BodyExcerpt(byte[] bytes, boolean truncated) {}

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(256);
  private final CompletableFuture<BodyExcerpt> result = new CompletableFuture<>();
  private @Nullable Subscription subscription;
  private boolean over;

  @Override
  public CompletionStage<BodyExcerpt> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Subscription given) {
    boolean late;
    synchronized (this) {
      late = over;
      subscription = given;
    }
    if (late) {
      given.cancel();
    } else {
      given.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (!keep(buffers)) {
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

  /// Ends the body here and closes its connection. May be called from any thread, at any time.
  void abort() {
    Subscription open;
    synchronized (this) {
      open = over ? null : subscription;
    }
    if (open != null) {
      open.cancel();
    }
    end(true);
  }

  synchronized BodyExcerpt excerptSoFar() {
    return new BodyExcerpt(kept.toByteArray(), true);
  }

  private synchronized boolean keep(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] some = new byte[Math.min(buffer.remaining(), MAX_BYTES - kept.size())];
      buffer.get(some);
      kept.writeBytes(some);
      if (buffer.hasRemaining()) {
        return false;
      }
    }
    return true;
  }

  /// Completes outside the lock: the client's own code runs on completion.
  private void end(boolean truncated) {
    BodyExcerpt bodyExcerpt;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      bodyExcerpt = new BodyExcerpt(kept.toByteArray(), truncated);
    }
    result.complete(bodyExcerpt);
  }
}
