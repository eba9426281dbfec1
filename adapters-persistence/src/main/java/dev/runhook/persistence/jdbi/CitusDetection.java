package dev.runhook.persistence.jdbi;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Whether Citus is installed in the database. Asks once for all handles of a JDBI. Thread-safe.
public final class CitusDetection implements org.jdbi.v3.core.config.JdbiConfig<CitusDetection> {
  private volatile @Nullable Boolean installed;

  /// @throws dev.runhook.application.spi.StoreUnavailableException if the database must be asked
  ///   and is unavailable
  public static boolean isInstalled(Jdbi jdbi) {
    CitusDetection detection = jdbi.getConfig(CitusDetection.class);
    Boolean known = detection.installed;
    return known != null
        ? known
        : SqlErrors.translating("looking for Citus", () -> jdbi.withHandle(detection::isInstalled));
  }

  public boolean isInstalled(Handle handle) {
    Boolean known = installed;
    if (known == null) {
      known =
          handle
              .createQuery(
                  "select to_regprocedure('citus_schema_distribute(regnamespace)') is not null")
              .mapTo(Boolean.class)
              .one();
      installed = known;
    }
    return known;
  }

  @Override
  public CitusDetection createCopy() {
    return this;
  }
}
