package dev.runhook.http.api;

import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.domain.account.TokenId;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Streams of server-sent events: so many at a time, all ended together. Each keeps a virtual
/// thread, looks once a second, and every ten seconds makes sure that its reader may still read,
/// and is still there. Thread-safe.
public final class SseStreams {
  static final int MAX_STREAMS = 200;
  public static final int MAX_STREAMS_PER_TOKEN = 20;
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
  private static final int BEATS_TO_A_SIGN = 10;

  private final AtomicInteger open = new AtomicInteger();
  private final Map<TokenId, Integer> byToken = new ConcurrentHashMap<>();
  private final CountDownLatch close = new CountDownLatch(1);
  private final Duration beat;

  public SseStreams() {
    this(Duration.ofSeconds(1));
  }

  /// @param beat how often a stream looks for what is new
  SseStreams(Duration beat) {
    this.beat = beat;
  }

  /// One event.
  ///
  /// @param id what the browser shows when it comes back, to go on after it
  /// @param data without line breaks
  public record SseEvent(String id, String event, String data) {
    private String written() {
      return "id: " + id + "\nevent: " + event + "\ndata: " + data + "\n\n";
    }
  }

  /// Ends all streams, for the server is to stop; browsers come back by themselves.
  public void close() {
    close.countDown();
  }

  /// Writes what the feed tells until the reader is gone, may not read any more, or all streams are
  /// ended.
  ///
  /// @param feed what is new since it was asked last
  /// @param still ends the stream by a [RefusedException] where its reader may not read any more
  void stream(Context context, TokenId token, Supplier<List<SseEvent>> feed, Runnable still) {
    enter(token);
    try {
      List<SseEvent> first = feed.get();
      OutputStream out = opened(context);
      stream(out, "retry: 2000\n\n");
      stream(out, first);
      goOn(out, feed, still);
    } catch (IOException _) {
      // the reader is gone
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      leave(token);
    }
  }

  private void goOn(OutputStream out, Supplier<List<SseEvent>> feed, Runnable still)
      throws IOException, InterruptedException {
    try {
      beat(out, feed, still);
    } catch (RefusedException | StoreUnavailableException _) {
      // the reader has to go; if it comes back it is told why
    }
  }

  private void beat(OutputStream out, Supplier<List<SseEvent>> feed, Runnable still)
      throws IOException, InterruptedException {
    for (int i = 1; !close.await(beat.toMillis(), TimeUnit.MILLISECONDS); i++) {
      stream(out, feed.get());
      if (i % BEATS_TO_A_SIGN == 0) {
        still.run();
        stream(out, ": still here\n\n");
      }
    }
  }

  private static OutputStream opened(Context context) throws IOException {
    context.attribute(ApiResponse.HANDLED, true);
    context.status(200);
    context.res().setContentType("text/event-stream; charset=utf-8");
    context.res().setHeader("Cache-Control", "no-store");
    context.res().setHeader("X-Content-Type-Options", "nosniff");
    context.res().setHeader("X-Accel-Buffering", "no"); // a proxy in front must not collect them
    return context.res().getOutputStream();
  }

  private static void stream(OutputStream out, List<SseEvent> messages) throws IOException {
    if (!messages.isEmpty()) {
      StringBuilder text = new StringBuilder();
      messages.forEach(sseEvent -> text.append(sseEvent.written()));
      stream(out, text.toString());
    }
  }

  private static void stream(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void enter(TokenId token) {
    if (open.incrementAndGet() > MAX_STREAMS) {
      open.decrementAndGet();
      throw new RefusedException(new TooManyRequests(TRY_AGAIN));
    }
    if (byToken.merge(token, 1, Integer::sum) > MAX_STREAMS_PER_TOKEN) {
      leave(token);
      throw new RefusedException(new TooManyRequests(TRY_AGAIN));
    }
  }

  private void leave(TokenId token) {
    open.decrementAndGet();
    byToken.computeIfPresent(token, (_, count) -> count > 1 ? count - 1 : null);
  }
}
