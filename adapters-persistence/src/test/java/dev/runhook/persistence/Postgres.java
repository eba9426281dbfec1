package dev.runhook.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.schema.CitusSchema;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.testkit.postgres.TemplateDatabase;
import dev.runhook.testkit.postgres.TestDatabase;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A new database for a test class, on one server for all test classes. Register it in a static
/// field. If `RUNHOOK_TEST_CITUS_URL` is set, all test classes use that database instead, with
/// schemas that Citus distributes.
public final class Postgres implements BeforeAllCallback, AfterAllCallback {
  private static final Optional<String> CITUS_URL =
      Optional.ofNullable(System.getenv("RUNHOOK_TEST_CITUS_URL"));

  private final boolean migrated;
  private @Nullable HikariDataSource pool;

  private Postgres(boolean migrated) {
    this.migrated = migrated;
  }

  public static Postgres migrated() {
    return new Postgres(true);
  }

  public static Postgres empty() {
    return new Postgres(false);
  }

  /// Whether the database is a Citus cluster.
  public static boolean isCitus() {
    return CITUS_URL.isPresent();
  }

  public HikariDataSource pool() {
    HikariDataSource open = pool;
    if (open == null) {
      throw new IllegalStateException("the database exists only while the tests of the class run");
    }
    return open;
  }

  public Jdbi jdbi() {
    return JdbiFactory.create(pool(), BucketSchema.ONLY);
  }

  public JdbiTransactor transactor() {
    return new JdbiTransactor(pool());
  }

  public long count(String sql) {
    return jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(long.class).one());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (CITUS_URL.isEmpty()) {
      pool = (migrated ? Template.DATABASE.copy() : TestDatabase.empty()).pool();
      return;
    }
    pool = citus(CITUS_URL.get());
    dropSchemas();
    if (migrated) {
      new Schema(pool()).migrate();
      var ignored = new CitusSchema(pool(), BucketSchema.ONLY).distribute();
    }
  }

  private static HikariDataSource citus(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(16);
    config.setMinimumIdle(1);
    return new HikariDataSource(config);
  }

  private void dropSchemas() {
    String sql = "select nspname from pg_namespace where nspname ~ '^runhook(_[0-9]{2})?$'";
    jdbi()
        .useHandle(handle ->
            handle
                .createQuery(sql)
                .mapTo(String.class)
                .forEach(name -> handle.execute("drop schema " + name + " cascade")));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    pool().close();
  }

  private static final class Template {
    static final TemplateDatabase DATABASE =
        TemplateDatabase.migrated(empty -> new Schema(empty).migrate());
  }
}
