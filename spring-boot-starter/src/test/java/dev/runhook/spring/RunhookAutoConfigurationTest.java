package dev.runhook.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import dev.runhook.testkit.Samples;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Timeout(120)
class RunhookAutoConfigurationTest {
  private static final EmbeddedPostgres POSTGRES = startPostgres();

  private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DataSourceAutoConfiguration.class,
                  DataSourceTransactionManagerAutoConfiguration.class,
                  JdbcTemplateAutoConfiguration.class,
                  RunhookAutoConfiguration.class,
                  RunhookHealthAutoConfiguration.class))
          .withPropertyValues(
              "spring.datasource.url=" + POSTGRES.getJdbcUrl("postgres", "postgres"),
              "runhook.account=shop",
              "runhook.allowed-networks=127.0.0.0/8",
              "runhook.retry-schedule=1s,1m",
              "runhook.max-in-flight-per-webhook=3");

  private static EmbeddedPostgres startPostgres() {
    try {
      return EmbeddedPostgres.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    POSTGRES.close();
  }

  @Test
  void a_transition_joins_the_transaction_and_is_sent_after_the_commit() {
    recordingTransport()
        .run(app -> {
          StackId stack = createStack(app, "committed");

          transactions(app)
              .executeWithoutResult(ignored -> {
                jdbc(app).update("insert into build values ('b1')");
                app.getBean(RunJournal.class).start(newRun(stack, "b1"));
                assertThat(sent).isEmpty();
              });

          assertThat(sent.poll(20, TimeUnit.SECONDS))
              .contains("\"account\":\"shop\"", "\"id\":\"b1\"");
          assertThat(rows(app, "b1")).isEqualTo(1);
        });
  }

  @Test
  void a_rollback_leaves_neither_the_row_nor_the_run() {
    recordingTransport()
        .run(app -> {
          StackId stack = createStack(app, "rolled-back");
          RunJournal journal = app.getBean(RunJournal.class);

          transactions(app)
              .executeWithoutResult(status -> {
                jdbc(app).update("insert into build values ('b2')");
                journal.start(newRun(stack, "b2"));
                journal.record(TransitionReport.of(new RunId(stack, "b2"), RunState.READY));
                status.setRollbackOnly();
              });

          assertThat(rows(app, "b2")).isZero();
          assertThatThrownBy(() -> journal.run(new RunId(stack, "b2")))
              .isInstanceOf(RefusedException.class);
        });
  }

  @Test
  void without_a_transaction_the_journal_opens_its_own() {
    recordingTransport()
        .run(app -> {
          StackId stack = createStack(app, "alone");

          app.getBean(RunJournal.class).start(newRun(stack, "b3"));

          assertThat(sent.poll(20, TimeUnit.SECONDS)).contains("\"id\":\"b3\"");
        });
  }

  @Test
  void properties_customizers_and_beans_are_applied() {
    context
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withBean(RunhookCustomizer.class, () -> builder -> builder.account("customized"))
        .run(app -> {
          Runhook runhook = app.getBean(Runhook.class);
          assertThat(runhook.stack("main").account().name()).isEqualTo("customized");
          assertThat(runhook.dispatchConfig().retrySchedule().delays()).hasSize(2);
          assertThat(runhook.dispatchConfig().maxInFlightPerWebhook()).isEqualTo(3);
          assertThat(app.getBean(MeterRegistry.class).find("runhook.attempts").counters())
              .isNotEmpty();
          assertThat(app.getBean(WebhookAdmin.class)).isSameAs(runhook.webhooks());
          assertThat(app.getBean(DeliveryAdmin.class)).isSameAs(runhook.deliveries());
        });
  }

  @Test
  void the_metrics_are_those_of_the_server_and_the_health_has_the_lag() {
    recordingTransport()
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("runhook.schema=runhook_metrics")
        .run(app -> {
          StackId stack = createStack(app, "measured");
          RunJournal journal = app.getBean(RunJournal.class);

          transactions(app).executeWithoutResult(ignored -> journal.start(newRun(stack, "m1")));
          transactions(app)
              .executeWithoutResult(status -> {
                journal.start(newRun(stack, "m2"));
                status.setRollbackOnly();
              });
          assertThat(sent.poll(20, TimeUnit.SECONDS)).contains("\"id\":\"m1\"");

          MeterRegistry meters = app.getBean(MeterRegistry.class);
          assertThat(meters.get("runhook.transitions").tag("state", "QUEUED").counter().count())
              .isEqualTo(1);
          assertThat(
                  meters
                      .get("runhook.open.deliveries")
                      .tags("database", "1", "health", "active", "state", "due")
                      .gauge())
              .isNotNull();
          assertThat(
                  Objects.requireNonNull(app.getBean(HealthIndicator.class).health()).getDetails())
              .containsEntry("lagMillis", 0L);
        });
  }

  @Test
  void requests_are_observed() {
    ObservationRegistry observations = ObservationRegistry.create();
    BlockingQueue<String> observed = new LinkedBlockingQueue<>();
    observations
        .observationConfig()
        .observationHandler(
            (ObservationHandler<Observation.Context>)
                supported -> observed.add(supported.getName()));
    recordingTransport()
        .withBean(ObservationRegistry.class, () -> observations)
        .run(app -> {
          StackId stack = createStack(app, "observed");

          app.getBean(RunJournal.class).start(newRun(stack, "o1"));

          assertThat(observed.poll(20, TimeUnit.SECONDS)).isEqualTo("runhook.attempt");
        });
  }

  @Test
  void the_health_is_down_without_a_database() throws IOException {
    EmbeddedPostgres stoppable = EmbeddedPostgres.start();
    context
        .withPropertyValues(
            "spring.datasource.url=" + stoppable.getJdbcUrl("postgres", "postgres"),
            "spring.datasource.hikari.connection-timeout=500")
        .run(app -> {
          HealthIndicator indicator = app.getBean(HealthIndicator.class);
          Status before = status(indicator);
          stoppable.close();
          assertThat(before).isEqualTo(Status.UP);
          assertThat(status(indicator)).isEqualTo(Status.DOWN);
        });
  }

  @Test
  void a_schema_of_its_own_has_the_tables_and_joins_the_transaction() {
    recordingTransport()
        .withPropertyValues("runhook.schema=runhook_shop")
        .run(app -> {
          StackId stack = createStack(app, "own-schema");

          transactions(app)
              .executeWithoutResult(
                  ignored -> app.getBean(RunJournal.class).start(newRun(stack, "b9")));

          assertThat(sent.poll(20, TimeUnit.SECONDS)).contains("\"id\":\"b9\"");
          assertThat(jdbc(app).queryForList("select name from runhook_shop.run", String.class))
              .containsExactly("b9");
        });
  }

  @Test
  void without_migrations_a_database_without_tables_prevents_the_start() {
    context
        .withPropertyValues("runhook.schema=runhook_none", "runhook.migrate=false")
        .run(app ->
            assertThat(app)
                .getFailure()
                .rootCause()
                .hasMessageContaining("Runhook.migrations(\"runhook_none\", 0)"));
  }

  @Test
  void a_wrong_property_prevents_the_start() {
    context
        .withPropertyValues("runhook.allowed-networks=somewhere")
        .run(app -> assertThat(app).getFailure().rootCause().hasMessageContaining("somewhere"));
    context
        .withPropertyValues("runhook.lagging-after=1ms")
        .run(app -> assertThat(app).getFailure().rootCause().hasMessageContaining("one second"));
  }

  @Test
  void nothing_is_configured_if_it_is_disabled() {
    context
        .withPropertyValues("runhook.enabled=false")
        .run(app ->
            assertThat(app)
                .hasNotFailed()
                .doesNotHaveBean(Runhook.class)
                .doesNotHaveBean(HealthIndicator.class));
  }

  @Test
  void nothing_is_configured_without_a_data_source() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(RunhookAutoConfiguration.class))
        .run(app -> assertThat(app).hasNotFailed().doesNotHaveBean(Runhook.class));
  }

  private ApplicationContextRunner recordingTransport() {
    return context.withBean(
        Transport.class,
        () ->
            request -> {
              sent.add(request.payload().text());
              return Outcome.Responded.of(204);
            });
  }

  private static StackId createStack(ApplicationContext app, String slug) {
    jdbc(app).execute("create table if not exists build (id text primary key)");
    return createWebhook(app, slug);
  }

  private static StackId createWebhook(ApplicationContext app, String slug) {
    StackId stack = app.getBean(Runhook.class).stack(slug);
    app.getBean(RunJournal.class).register(Stack.named(stack, "Stack"));
    app.getBean(WebhookAdmin.class)
        .create(stack, CreateWebhookRequest.of(Samples.endpoint(1).text()), new Actor("the test"));
    return stack;
  }

  private static NewRun newRun(StackId stack, String id) {
    return NewRun.of(
        RunDetails.tracked("main", Commit.of("0ee3f1c")),
        TransitionReport.of(new RunId(stack, id), RunState.QUEUED));
  }

  private static TransactionTemplate transactions(ApplicationContext app) {
    return new TransactionTemplate(app.getBean(PlatformTransactionManager.class));
  }

  private static Status status(HealthIndicator indicator) {
    return Objects.requireNonNull(indicator.health()).getStatus();
  }

  private static JdbcTemplate jdbc(ApplicationContext app) {
    return app.getBean(JdbcTemplate.class);
  }

  private static int rows(ApplicationContext app, String id) {
    return jdbc(app).queryForList("select id from build where id = ?", String.class, id).size();
  }
}
