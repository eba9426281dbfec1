package dev.runhook.persistence.schema;

import java.util.List;
import java.util.Optional;

/// The buckets of an installation, which can be in several databases. A bucket that is not where it
/// is expected is never created again, because its stacks would seem to be missing.
public final class Installation {
  private final List<Schema> buckets;

  /// @param buckets in the order of their numbers, the home bucket first
  public Installation(List<Schema> buckets) {
    this.buckets = List.copyOf(buckets);
  }

  /// Migrates all buckets, and creates them in a new installation. It is new if no database has a
  /// bucket. If the creation is interrupted, the next call completes it. Several processes may call
  /// this at the same time.
  ///
  /// @throws UnusableDatabaseException if a bucket is missing or belongs to another installation,
  ///   and as [Schema#migrate] does
  /// @throws dev.runhook.application.spi.StoreUnavailableException if a database is unavailable;
  ///   the call can be repeated
  public void migrate() {
    if (buckets.size() == 1) {
      home().migrate();
    } else {
      home().runAlone("migrating the buckets", this::migrateAll);
    }
  }

  private void migrateAll() {
    if (home().findIdentity().isEmpty()) {
      buckets.forEach(Schema::requireNoBucket);
      home().migrate();
    }
    BucketIdentity home = home().findIdentity().orElseThrow();
    buckets.forEach(bucket -> bucket.requirePartOf(home));
    buckets.forEach(bucket -> bucket.migrate(Optional.of(home.id())));
    home().complete();
  }

  private Schema home() {
    return buckets.getFirst();
  }
}
