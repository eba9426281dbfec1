package dev.runhook.persistence.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.stats.ReplicationStats.Status;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/// A server without standbys. A test of the built product has some.
class ReplicationStatsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  @Test
  void a_server_without_standbys_has_none() {
    assertThat(new ReplicationStats(POSTGRES.pool()).read())
        .isEqualTo(new Status("00000001", Optional.of(0), 0, false));
  }

  @Test
  void a_role_that_may_not_see_the_standbys_sees_the_timeline_only() throws SQLException {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("create role plain login"));
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(POSTGRES.pool().getDataSource().unwrap(PGSimpleDataSource.class).getUrl());
    source.setUser("plain");

    assertThat(new ReplicationStats(source).read())
        .isEqualTo(new Status("00000001", Optional.empty(), 0, false));
  }
}
