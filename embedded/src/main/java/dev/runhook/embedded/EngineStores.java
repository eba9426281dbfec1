package dev.runhook.embedded;

import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.persistence.jdbi.BucketSchema;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/// Where an [Engine] stores.
///
/// @param requests for use cases, and for what timers do
/// @param dispatcher the same buckets for claims and completions, so that requests cannot exhaust
///   the connections of these
/// @param history the partitions of each bucket; none in memory
/// @param notifications the database whose LISTEN and NOTIFY wake the processes; none in memory
/// @param schema the schema of the home bucket; only processes of its installation are woken
public record EngineStores(
    BucketRouter requests,
    BucketRouter dispatcher,
    List<HistoryPartitions> history,
    Optional<DataSource> notifications,
    BucketSchema schema) {
  public EngineStores {
    history = List.copyOf(history);
  }
}
