package dev.runhook.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Sends requests that may safely be repeated, up to five times. Between the attempts it waits as
/// long as `Retry-After` says, or otherwise about 0.2, 0.4, 0.8 and 1.6 seconds. It does not retry
/// if `Retry-After` is more than 30 seconds.
final class RetryingSender {
  private static final int MAX_ATTEMPTS = 5;
  private static final long FIRST_DELAY_MILLIS = 200;
  private static final Duration MAX_DELAY = Duration.ofSeconds(30);
  private static final int CONFLICT = 409;
  private static final Set<Integer> TEMPORARY = Set.of(429, 502, 503, 504);

  private final HttpClient http;
  private final Pause pause;

  /// Waits between two attempts.
  interface Pause {
    void await(Duration delay) throws InterruptedException;
  }

  RetryingSender(HttpClient http, Pause pause) {
    this.http = http;
    this.pause = pause;
  }

  /// @throws UncheckedIOException if there was no response, or the thread was interrupted
  HttpResponse<byte[]> send(HttpRequest request) {
    try {
      for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
        Duration delay = backoff(attempt);
        try {
          HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
          delay = retryAfter(response).orElse(delay);
          if (!isTemporary(response) || delay.compareTo(MAX_DELAY) > 0) {
            return response;
          }
        } catch (IOException ignored) {
          // the next attempt may get a response
        }
        pause.await(delay);
      }
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException((IOException) new InterruptedIOException().initCause(e));
    }
  }

  private static boolean isTemporary(HttpResponse<byte[]> response) {
    return TEMPORARY.contains(response.statusCode())
        || (response.statusCode() == CONFLICT
            && ApiProblem.of(CONFLICT, ReportJson.decode(response.body()))
                .type()
                .equals("idempotency-key-in-use"));
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(text -> text.matches("\\d{1,9}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  private static Duration backoff(int attempt) {
    long max = FIRST_DELAY_MILLIS << (attempt - 1);
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(max / 2, max + 1));
  }
}
