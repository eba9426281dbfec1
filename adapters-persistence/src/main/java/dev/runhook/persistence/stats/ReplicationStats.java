package dev.runhook.persistence.stats;

import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/// Reads how the primary of the database is replicated. Thread-safe.
public final class ReplicationStats {
  /// Other roles see the standbys without their states.
  private static final String STATUS =
      """
      select left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as timeline,
        case when pg_has_role(current_user, 'pg_read_all_stats', 'usage')
          then s.synchronous end as synchronous_standbys,
        s.asynchronous as asynchronous_standbys,
        current_setting('synchronous_standby_names') <> ''
          and current_setting('synchronous_commit') not in ('off', 'local') as waits_for_standby
      from (
        select count(*) filter (where sync_state in ('sync', 'quorum')) as synchronous,
          count(*) filter (where sync_state in ('async', 'potential')) as asynchronous
        from pg_stat_replication where state = 'streaming'
      ) s
      """;

  private final Jdbi jdbi;

  public ReplicationStats(DataSource dataSource) {
    this.jdbi = JdbiFactory.create(dataSource, BucketSchema.ONLY);
  }

  /// @param timeline changes whenever a standby becomes the primary and when a backup is restored
  /// @param synchronousStandbys how many standbys can confirm a commit now; empty if the role of
  ///   the connection may not see it
  /// @param asynchronousStandbys how many other standbys are connected; 0 if it may not see them
  /// @param waitsForStandby whether a commit waits until a standby has confirmed it
  public record Status(
      String timeline,
      Optional<Integer> synchronousStandbys,
      int asynchronousStandbys,
      boolean waitsForStandby) {}

  /// @throws dev.runhook.application.spi.StoreUnavailableException if the primary is unavailable
  public Status read() {
    return SqlErrors.translating(
        "reading the status of its replication",
        () ->
            jdbi.withHandle(handle ->
                handle.createQuery(STATUS).map(ConstructorMapper.of(Status.class)).one()));
  }
}
