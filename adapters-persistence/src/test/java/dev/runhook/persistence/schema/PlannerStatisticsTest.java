package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.persistence.Postgres;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// PostgreSQL samples column values for its planner. Samples could outlive erased rows.
class PlannerStatisticsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  private static final String STACK =
      """
      insert into runhook.stack (id, account, slug, name, description, labels)
      values (gen_random_uuid(), 'acme', 'demo', '', '', '{}')
      """;

  private static final String WEBHOOKS =
      """
      insert into runhook.webhook (id, stack_id, endpoint, endpoint_normalized, settings, header_names,
        header_values,
        secret, previous_secret, previous_secret_expires_at, health, consecutive_failures, created_at, updated_at)
      select gen_random_uuid(), s.id, n::text, n::text, '{}', '{X-Key}', array['key ' || n],
        'secret ' || n, 'old secret ' || n, now(), 'ACTIVE', 0, now(), now()
      from runhook.stack s, generate_series(1, 500) n
      """;

  private static final String REVISIONS =
      """
      insert into runhook.webhook_revision (webhook_id, revision, endpoint, header_names, header_values)
      select id, 1, endpoint, header_names, header_values from runhook.webhook
      """;

  private static final String EVENTS =
      """
      insert into runhook.event (id, stack_id, kind, occurred_at, payload)
      select gen_random_uuid(), gen_random_uuid(), 'PING', now() + n * interval '1 second', sha256(n::text::bytea)
      from generate_series(1, 500) n
      """;

  private static final String ATTEMPTS =
      """
      insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, status_code,
        response_headers, response_body, request_body)
      select gen_random_uuid(), 1, now(), n, 'DELIVERED', 200, 'a: value ' || n, n::text::bytea, n::text::bytea
      from generate_series(1, 500) n
      """;

  private static final String DELIVERIES =
      """
      insert into runhook.delivery (id, webhook_id, event_id, kind, status, attempts, started_at, duration_ns, outcome,
        status_code, response_headers, response_body, request_body)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'PING', 'DELIVERED', 1, now(), n, 'DELIVERED',
        200, 'a: value ' || n, n::text::bytea, n::text::bytea
      from generate_series(1, 500) n
      """;

  @BeforeEach
  void beginEmpty() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("drop schema if exists runhook cascade"));
  }

  @Test
  void payloads_responses_and_secrets_are_not_sampled() {
    new Schema(POSTGRES.pool()).migrate();

    fillAndAnalyze();

    assertThat(sampledColumns())
        .contains(
            "event.occurred_at", "attempt.duration_ns", "delivery.duration_ns", "webhook.endpoint");
    assertThat(sampledColumns()).doesNotContainAnyElementsOf(secretColumns());
  }

  @Test
  void later_partitions_have_the_same_statistics_targets() {
    new Schema(POSTGRES.pool()).migrate();
    LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(90);

    POSTGRES
        .jdbi()
        .useHandle(handle ->
            DailyPartition.ofAllTables(day).forEach(partition -> partition.create(handle)));

    assertThat(columnsWithoutTarget(new DailyPartition("event", day).name()))
        .containsExactly("payload");
    assertThat(columnsWithoutTarget(new DailyPartition("attempt", day).name()))
        .containsExactly("response_headers", "response_body", "request_body");
    assertThat(columnsWithoutTarget(new DailyPartition("delivery", day).name()))
        .containsExactly("response_headers", "response_body", "request_body");
    assertThat(columnsWithoutTarget(new DailyPartition("skipped_delivery", day).name())).isEmpty();
  }

  private static void fillAndAnalyze() {
    POSTGRES
        .jdbi()
        .useHandle(handle -> {
          List.of(STACK, WEBHOOKS, REVISIONS, EVENTS, ATTEMPTS, DELIVERIES)
              .forEach(handle::execute);
          handle.execute("analyze");
        });
  }

  private static List<String> secretColumns() {
    return List.of(
        "event.payload",
        "attempt.response_body",
        "delivery.response_headers",
        "delivery.response_body",
        "attempt.response_headers",
        "attempt.request_body",
        "delivery.request_body",
        "webhook.secret",
        "webhook.previous_secret",
        "webhook.header_values",
        "webhook_revision.header_values");
  }

  /// Columns with samples, by the name of the table instead of the partition.
  private static List<String> sampledColumns() {
    return texts(
        """
        select distinct regexp_replace(tablename, '_(default|[0-9]{8})$', '') || '.' || attname from pg_stats
        where schemaname = 'runhook'
        """);
  }

  private static List<String> columnsWithoutTarget(String table) {
    return texts(
        "select attname from pg_attribute where attrelid = 'runhook.%s'::regclass and attstattarget = 0 order by attnum"
            .formatted(table));
  }

  private static List<String> texts(String sql) {
    return POSTGRES
        .jdbi()
        .withHandle((Handle handle) -> handle.createQuery(sql).mapTo(String.class).list());
  }
}
