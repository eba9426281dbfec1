package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.Schema.SchemaMismatchException;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.stats.StoreStats;
import dev.runhook.persistence.webhook.SecretReencryption;
import dev.runhook.testkit.contract.StoresContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The stores meet their contracts in the schema of each bucket, and use no other schema.
class BucketSchemaTest implements StoresContract {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();
  private static final BucketSchema LAST = BucketSchema.all(new Buckets(12)).getLast();

  @BeforeAll
  static void migrate() {
    new Schema(POSTGRES.pool(), LAST).migrate();
  }

  @AfterAll
  static void requireNoOtherSchema() {
    assertThat(POSTGRES.count("select count(*) from pg_namespace where nspname like 'runhook%'"))
        .isEqualTo(1);
  }

  @Override
  public Transactor transactor() {
    return new JdbiTransactor(POSTGRES.pool(), SecretCipher.none(), LAST);
  }

  @Test
  void buckets_have_numbered_schemas() {
    assertThat(BucketSchema.all(new Buckets(12)))
        .extracting(BucketSchema::name)
        .startsWith("runhook_00", "runhook_01")
        .endsWith("runhook_11");
    assertThat(BucketSchema.all(new Buckets(1))).containsExactly(BucketSchema.ONLY);
    assertThat(BucketSchema.ONLY.name()).isEqualTo("runhook");
  }

  @Test
  void another_number_of_buckets_is_refused() {
    new Schema(POSTGRES.pool(), LAST).migrate();

    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(
            () -> new Schema(POSTGRES.pool(), new BucketSchema(11, new Buckets(16))).migrate())
        .withMessageContaining("runhook_11 is one of 12 buckets")
        .withMessageContaining("configured for 16 buckets");
    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(() -> new Schema(POSTGRES.pool()).migrate())
        .withMessageContaining("the database has the schema runhook_11");
  }

  @Test
  void maintenance_and_statistics_use_the_schema() {
    HistoryPartitions partitions = new JdbiHistoryPartitions(POSTGRES.pool(), LAST);
    partitions.createAhead(Duration.ofDays(9));

    assertThat(partitions.dropOlderThan(Duration.ofDays(30))).isZero();
    assertThat(
            POSTGRES.count(
                "select count(*) from pg_class where relnamespace = 'runhook_11'::regnamespace"
                    + " and relkind = 'r' and relname ~ '^event_[0-9]{8}$'"))
        .isEqualTo(11);
    assertThat(new StoreStats(POSTGRES.pool(), LAST).tableSizes()).containsKey("delivery_queue");
    assertThat(new SecretReencryption(POSTGRES.pool(), SecretCipher.none(), LAST).count())
        .isNotNull();
    assertThat(new Schema(POSTGRES.pool(), LAST).exists()).isTrue();
  }
}
