package com.example.releases;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/// The PostgreSQL of the tests.
public class PostgresResource implements QuarkusTestResourceLifecycleManager {
  private EmbeddedPostgres postgres;

  @Override
  public Map<String, String> start() {
    try {
      postgres = EmbeddedPostgres.start();
      try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
        connection
            .createStatement()
            .execute("create table release (id text primary key, state text)");
      }
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
    String url = postgres.getJdbcUrl("postgres", "postgres");
    return Map.of(
        "quarkus.datasource.jdbc.url", url,
        "quarkus.datasource.username", "postgres",
        "quarkus.datasource.runhook.jdbc.url", url,
        "quarkus.datasource.runhook.username", "postgres",
        "webhooks.allowed-network", "127.0.0.0/8");
  }

  @Override
  public void stop() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
