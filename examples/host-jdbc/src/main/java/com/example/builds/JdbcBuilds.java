package com.example.builds;

import dev.runhook.domain.run.RunState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

final class JdbcBuilds implements Builds {
  static final String TABLE =
      "create table if not exists build (id text primary key, branch text, commit text, state text)";

  private final Connection connection;

  JdbcBuilds(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void add(Build build) {
    update(
        "insert into build values (?, ?, ?, ?) on conflict do nothing",
        build.id(),
        build.branch(),
        build.commit(),
        build.state().name());
  }

  @Override
  public Optional<Build> findForUpdate(String id) {
    try (PreparedStatement query =
        connection.prepareStatement(
            "select branch, commit, state from build where id = ? for update")) {
      query.setString(1, id);
      ResultSet row = query.executeQuery();
      return row.next()
          ? Optional.of(
              new Build(
                  id,
                  row.getString("branch"),
                  row.getString("commit"),
                  RunState.valueOf(row.getString("state"))))
          : Optional.empty();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the build", e);
    }
  }

  @Override
  public void save(Build build) {
    update("update build set state = ? where id = ?", build.state().name(), build.id());
  }

  private void update(String sql, String... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot write the build", e);
    }
  }
}
