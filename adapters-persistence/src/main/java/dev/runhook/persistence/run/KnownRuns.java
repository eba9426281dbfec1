package dev.runhook.persistence.run;

import dev.runhook.application.spi.Buckets;
import dev.runhook.domain.run.RunId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The runs that this process has changed most recently, as it has committed them. A transaction
/// that locks such a run checks whether the row is still the same, and need not read it.
/// Thread-safe.
public final class KnownRuns {
  private static final long MAX_BYTES = 32L * 1024 * 1024;
  private static final int PARTS_OF_HEAP = 16;

  private final long maxBytes;
  private final Map<RunId, StoredRun> runs = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  public KnownRuns() {
    this(maxBytes());
  }

  KnownRuns(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Returns the share of one bucket.
  public static KnownRuns ofOneOf(Buckets buckets) {
    return new KnownRuns(maxBytes() / buckets.count());
  }

  private static long maxBytes() {
    return Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP);
  }

  synchronized List<StoredRun> find(Collection<RunId> ids) {
    return ids.stream().map(runs::get).filter(Objects::nonNull).toList();
  }

  /// Adds runs of a committed transaction, and drops the least recently used ones above the limit.
  synchronized void put(Collection<StoredRun> committed) {
    for (StoredRun run : committed) {
      bytes += run.bytes();
      StoredRun before = runs.put(run.run().id(), run);
      bytes -= before == null ? 0 : before.bytes();
    }
    var eldest = runs.values().iterator();
    while (bytes > maxBytes) {
      bytes -= eldest.next().bytes();
      eldest.remove();
    }
  }
}
