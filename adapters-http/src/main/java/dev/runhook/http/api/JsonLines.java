package dev.runhook.http.api;

import dev.runhook.http.json.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/// A response of lines of JSON (`application/x-ndjson`). Each line is sent as soon as it is there.
final class JsonLines {
  private JsonLines() {}

  /// Runs an action on a thread of its own and sends the parts that it returns early. If it fails
  /// before the first one, nothing is sent. If the client disconnects, the action is interrupted.
  ///
  /// @param action gets a consumer of parts that any thread may call and that never waits
  static <P, R> R send(
      Context context, RequestScheduler scheduler, Function<Consumer<P>, R> action) {
    BlockingQueue<Optional<P>> parts = new LinkedBlockingQueue<>();
    FutureTask<R> task =
        new FutureTask<>(() -> {
          try {
            return action.apply(part -> parts.add(Optional.of(part)));
          } finally {
            parts.add(Optional.empty());
          }
        });
    Future<?> worker = scheduler.start(task);
    try {
      write(parts, context);
      return task.get();
    } catch (IOException ignored) { // the client has disconnected
      worker.cancel(true);
      return result(task);
    } catch (InterruptedException ignored) {
      worker.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a response was written");
    } catch (ExecutionException e) {
      throw unchecked(e);
    }
  }

  private static <P> void write(BlockingQueue<Optional<P>> parts, Context context)
      throws IOException, InterruptedException {
    Optional<P> part = parts.take();
    if (part.isEmpty()) {
      return;
    }
    context.attribute(ApiResponse.HANDLED, true);
    context.status(200);
    context.res().setContentType(ContentNegotiation.JSON_LINES);
    ApiResponse.COMMON_HEADERS.forEach(context.res()::setHeader);
    context.res().setHeader("X-Accel-Buffering", "no"); // reverse proxies must not buffer
    OutputStream out = context.res().getOutputStream();
    for (; part.isPresent(); part = parts.take()) {
      out.write((Json.write(part.get()) + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private static <R> R result(FutureTask<R> task) {
    try {
      return task.get();
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted after the client had disconnected");
    } catch (ExecutionException e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(ExecutionException e) {
    return e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e);
  }
}
