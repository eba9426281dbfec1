package dev.runhook.outbound.trace;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a collector of OpenTelemetry of each attempt whose event was reported in a trace that is
/// recorded.
///
/// Attempts are noted in memory and sent when [#export] is called, by a timer of the host's. Losing
/// some is right: a delivery never waits for a collector, and what a full memory or a collector
/// that is away costs is logged, once until it is well again. Thread-safe.
public final class OtlpSpanExporter implements DispatchObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpSpanExporter.class);
  private static final int ROOM = 8192;
  private static final int AT_ONCE = 512;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final BlockingQueue<AttemptSpan> waiting = new ArrayBlockingQueue<>(ROOM);
  private final AtomicLong lost = new AtomicLong();
  private final OtlpEndpoint collector;
  private final OtlpJsonEncoder form;
  private @Nullable HttpClient client; // it has threads from the moment it is made
  private boolean well = true;

  /// @param version of the service, as `service.version` tells it
  public OtlpSpanExporter(OtlpEndpoint collector, String version) {
    this.collector = collector;
    this.form = new OtlpJsonEncoder(version);
  }

  @Override
  public void onAttempt(LeasedDelivery leasedDelivery, Attempt attempt, Disposition disposition) {
    note(leasedDelivery, attempt);
  }

  @Override
  public void onLeaseLost(LeasedDelivery leasedDelivery, Attempt attempt) {
    note(leasedDelivery, attempt);
  }

  private void note(LeasedDelivery leasedDelivery, Attempt attempt) {
    AttemptSpan.of(leasedDelivery, attempt)
        .ifPresent(span -> {
          if (!waiting.offer(span)) {
            lost.incrementAndGet();
          }
        });
  }

  /// Sends what was noted, some hundred at a time; ends early where the collector fails. Returns
  /// how many spans the collector took.
  public synchronized int export() {
    int taken = 0;
    List<AttemptSpan> batch = next();
    while (!batch.isEmpty()) {
      String failure = post(batch);
      if (!failure.isEmpty()) {
        lost.addAndGet(batch.size());
        tellTrouble(failure);
        return taken;
      }
      taken += batch.size();
      tellWell();
      batch = next();
    }
    return taken;
  }

  private List<AttemptSpan> next() {
    List<AttemptSpan> batch = new ArrayList<>();
    waiting.drainTo(batch, AT_ONCE);
    return batch;
  }

  /// Empty when the collector took them.
  private String post(List<AttemptSpan> batch) {
    HttpRequest request =
        HttpRequest.newBuilder(collector.tracesUri())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(form.encode(batch)))
            .build();
    CompletableFuture<HttpResponse<Void>> answer =
        client().sendAsync(request, BodyHandlers.discarding());
    try {
      int status = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      return status / 100 == 2 ? "" : "it answered " + status;
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    } catch (TimeoutException _) {
      return "no answer within " + TIMEOUT.toSeconds() + " s";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } finally {
      answer.cancel(true); // closes the connection of one that is not over
    }
  }

  private HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(Redirect.NEVER)
              .connectTimeout(TIMEOUT)
              .proxy(HttpClient.Builder.NO_PROXY)
              .build();
    }
    return client;
  }

  private void tellTrouble(String failure) {
    if (well) {
      LOG.warn(
          "the collector of spans at {} does not take them ({}), so they are lost; going on",
          collector,
          failure);
    }
    well = false;
  }

  private void tellWell() {
    long gone = lost.getAndSet(0);
    if (gone > 0) {
      LOG.warn("{} spans were lost; the collector at {} takes them now", gone, collector);
    }
    well = true;
  }

  /// Sends what was noted, and ends its connections.
  @Override
  public synchronized void close() {
    export();
    if (client != null) {
      client.shutdownNow();
      client = null;
    }
  }
}
