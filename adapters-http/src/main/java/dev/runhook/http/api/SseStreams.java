package dev.runhook.http.api;

import dev.runhook.application.refusal.Refusal.TooManyRequests;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.TokenId;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Streams of server-sent events, limited in total, per account and per token. Each stream uses one
/// virtual thread. It polls its feed every second. Every ten seconds it checks that the client is
/// still authorized and sends a heartbeat. Thread-safe.
public final class SseStreams {
  static final int MAX_STREAMS = 200;
  public static final int MAX_STREAMS_PER_ACCOUNT = 50;
  public static final int MAX_STREAMS_PER_TOKEN = 20;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
  private static final int POLLS_PER_HEARTBEAT = 10;

  private final SharedCapacity<AccountId> byAccount =
      new SharedCapacity<>(MAX_STREAMS, MAX_STREAMS_PER_ACCOUNT);
  private final SharedCapacity<TokenId> byToken =
      new SharedCapacity<>(MAX_STREAMS, MAX_STREAMS_PER_TOKEN);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Duration pollInterval;

  public SseStreams() {
    this(Duration.ofSeconds(1));
  }

  /// @param pollInterval the pause between two polls; access is checked at every tenth poll
  public SseStreams(Duration pollInterval) {
    this.pollInterval = pollInterval;
  }

  /// One event.
  ///
  /// @param id the client sends it as `Last-Event-ID` when it reconnects
  /// @param data must not contain line breaks
  public record SseEvent(String id, String event, String data) {
    private String encoded() {
      return "id: " + id + "\nevent: " + event + "\ndata: " + data + "\n\n";
    }
  }

  /// Ends all streams before the server stops. Browsers reconnect by themselves.
  public void close() {
    closed.countDown();
  }

  /// Writes events until the client disconnects, is no longer authorized, or [#close] is called.
  ///
  /// @param feed returns the events since its previous call
  /// @param recheckAccess throws a [RefusedException] if the client may no longer read
  void stream(Context context, Grant grant, Supplier<List<SseEvent>> feed, Runnable recheckAccess) {
    acquire(grant);
    try {
      List<SseEvent> first = feed.get();
      OutputStream out = open(context);
      write(out, "retry: 2000\n\n");
      write(out, first);
      poll(out, feed, recheckAccess);
    } catch (IOException ignored) {
      // the client has disconnected
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    } finally {
      release(grant);
    }
  }

  private void poll(OutputStream out, Supplier<List<SseEvent>> feed, Runnable recheckAccess)
      throws IOException, InterruptedException {
    try {
      for (int i = 1; !closed.await(pollInterval.toMillis(), TimeUnit.MILLISECONDS); i++) {
        write(out, feed.get());
        if (i % POLLS_PER_HEARTBEAT == 0) {
          recheckAccess.run();
          write(out, ": heartbeat\n\n");
        }
      }
    } catch (RefusedException | StoreUnavailableException ignored) {
      // ends the stream; the client gets the reason when it reconnects
    }
  }

  private static OutputStream open(Context context) throws IOException {
    context.attribute(ApiResponse.HANDLED, true);
    context.status(200);
    context.res().setContentType("text/event-stream; charset=utf-8");
    ApiResponse.COMMON_HEADERS.forEach(context.res()::setHeader);
    context.res().setHeader("X-Accel-Buffering", "no"); // reverse proxies must not buffer
    return context.res().getOutputStream();
  }

  private static void write(OutputStream out, List<SseEvent> events) throws IOException {
    if (!events.isEmpty()) {
      StringBuilder text = new StringBuilder();
      events.forEach(event -> text.append(event.encoded()));
      write(out, text.toString());
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void acquire(Grant grant) {
    boolean hasShare = byAccount.tryAcquire(grant.account(), 1);
    if (!hasShare || !byToken.tryAcquire(grant.token(), 1)) {
      if (hasShare) {
        byAccount.release(grant.account(), 1);
      }
      throw new RefusedException(new TooManyRequests(RETRY_AFTER));
    }
  }

  private void release(Grant grant) {
    byAccount.release(grant.account(), 1);
    byToken.release(grant.token(), 1);
  }
}
