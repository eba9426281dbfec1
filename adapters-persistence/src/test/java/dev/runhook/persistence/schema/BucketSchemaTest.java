package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.persistence.CitusRules;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.RecordedStatements;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.stats.StoreStats;
import dev.runhook.persistence.webhook.SecretReencryption;
import dev.runhook.testkit.contract.ReadModelsContract;
import dev.runhook.testkit.contract.StoresContract;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The stores meet their contracts in the schema of each bucket, and use no other schema. They use
/// the statements for Citus, because a function with the name of its own exists. If
/// `RUNHOOK_TEST_CITUS_URL` is set, Citus executes them.
@Tag("slow")
class BucketSchemaTest implements StoresContract, ReadModelsContract {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();
  private static final BucketSchema LAST = BucketSchema.all(new Buckets(12)).getLast();
  private static final RecordedStatements RECORDED = new RecordedStatements();

  @BeforeAll
  static void migrate() {
    new Schema(POSTGRES.pool(), LAST).migrate();
    if (!Postgres.isCitus()) {
      POSTGRES.jdbi().useHandle(BucketSchemaTest::imitateCitus);
    }
    String node = new CitusSchema(POSTGRES.pool(), LAST).distribute();
    assertThat(new CitusSchema(POSTGRES.pool(), LAST).distribute()).isEqualTo(node).contains(":");
  }

  /// What [CitusSchema] uses of Citus, which distributes a schema only once.
  private static void imitateCitus(Handle handle) {
    handle.execute("create table citus_schemas (schema_name regnamespace primary key)");
    handle.execute(
        """
        create view citus_shards as
        select oid::regclass as table_name, 'node' as nodename, 5432 as nodeport
        from pg_class join citus_schemas on relnamespace = schema_name
        """);
    handle.execute(
        """
        create function citus_schema_distribute(schema regnamespace) returns void
        begin atomic insert into citus_schemas values (schema); end
        """);
    handle.execute(
        """
        create function run_command_on_shards(t regclass, command text, out success boolean, out result text)
        language plpgsql as 'begin execute format(command, t); success = true; end'
        """);
  }

  @AfterAll
  static void citusAcceptsAllStatements() {
    assertThat(RECORDED.statements())
        .hasSizeGreaterThan(150)
        .allSatisfy(sql -> assertThat(CitusRules.violations(sql)).isEmpty());
  }

  @AfterAll
  static void requireNoOtherSchema() {
    assertThat(POSTGRES.count("select count(*) from pg_namespace where nspname like 'runhook%'"))
        .isEqualTo(1);
  }

  private static DataSource source() {
    return RECORDED.record(POSTGRES.pool());
  }

  @Override
  public Transactor transactor() {
    return new JdbiTransactor(source(), SecretCipher.none(), LAST);
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

  @ParameterizedTest
  @ValueSource(strings = {"runhook", "runhook_billing", "runhook_2", "runhook_a_1", "runhook_00_x"})
  void an_installation_with_one_bucket_can_have_a_name(String name) {
    BucketSchema schema = BucketSchema.named(name);

    assertThat(schema.name()).isEqualTo(name);
    assertThat(schema.moved().name()).isEqualTo(name + "_moved");
    assertThat(schema.buckets().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "billing",
        "runhook_",
        "runhookbilling",
        "Runhook",
        "runhook_Billing",
        "runhook_a-b",
        "runhook_a;drop schema runhook",
        "runhook_01",
        "runhook_billing_01",
        "runhook_copy",
        "runhook_moved",
        "runhook_01_moved",
        "runhook_billing_copy",
        "runhook_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void a_name_that_is_not_plain_or_looks_like_that_of_a_bucket_is_refused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BucketSchema.named(name))
        .withMessageStartingWith("\"%s\" must be \"runhook\" or \"runhook_\"".formatted(name));
  }

  @Test
  void another_number_of_buckets_is_refused() {
    new Schema(POSTGRES.pool(), LAST).migrate();

    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(
            () -> new Schema(POSTGRES.pool(), new BucketSchema(11, new Buckets(16))).migrate())
        .withMessageContaining("runhook_11 is one of 12 buckets")
        .withMessageContaining("configured for 16 buckets");
    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> new Schema(POSTGRES.pool()).migrate())
        .withMessageContaining("the database has the schema runhook_11");
  }

  @Test
  void maintenance_and_statistics_use_the_schema() {
    HistoryPartitions partitions = new JdbiHistoryPartitions(source(), LAST);
    partitions.createAhead(Duration.ofDays(9));

    assertThat(partitions.dropOlderThan(Duration.ofDays(30))).isZero();
    assertThat(
            POSTGRES.count(
                "select count(*) from pg_class where relnamespace = 'runhook_11'::regnamespace"
                    + " and relkind = 'r' and relname ~ '^event_[0-9]{8}$'"))
        .isEqualTo(11);
    assertThat(new StoreStats(source(), LAST).tableSizes()).containsKey("delivery_queue");
    assertThat(new SecretReencryption(source(), SecretCipher.none(), LAST).count()).isNotNull();
    assertThat(new Schema(source(), LAST).exists()).isTrue();
  }
}
