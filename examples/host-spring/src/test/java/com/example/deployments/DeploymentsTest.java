package com.example.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.RefusedException;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.SequentialIdGenerator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DeploymentsTest {
  private static EmbeddedPostgres postgres;
  private static DataSource dataSource;
  private static TransactionTemplate transactions;
  private static JdbcTemplate jdbc;
  private static RunJournal journal;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
    dataSource = postgres.getPostgresDatabase();
    transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    jdbc = new JdbcTemplate(dataSource);
    new Schema(dataSource).migrate();
    jdbc.execute("create table deployment (id text primary key, state text)");
    InstantSource clock = InstantSource.system();
    journal =
        RunJournal.using(
            new JdbiTransactor(dataSource),
            new RunJournal.Dependencies(
                new PlainPayloadRenderer(), new SequentialIdGenerator(clock), clock),
            DispatchHandoff.none(), // another process sends the deliveries
            Runnable::run);
    journal.register(Stack.named(Deployments.STACK, "Deployments"));
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  private final Deployments deployments = new Deployments(transactions, dataSource, journal);

  @Test
  void a_commit_stores_the_row_and_the_transition() {
    deploy("committed");

    deployments.changeState("committed", RunState.FINISHED);

    assertThat(row("committed")).isEqualTo("FINISHED");
    assertThat(runState("committed")).isEqualTo(RunState.FINISHED);
  }

  @Test
  void a_rollback_leaves_neither_the_row_nor_the_transition() {
    deploy("rolled-back");

    assertThatThrownBy(() ->
            transactions.executeWithoutResult(_ -> { // changeState joins this transaction
              deployments.changeState("rolled-back", RunState.FINISHED);
              throw new ArithmeticException("the host fails");
            }))
        .isInstanceOf(ArithmeticException.class);

    assertThat(row("rolled-back")).isEqualTo("QUEUED");
    assertThat(runState("rolled-back")).isEqualTo(RunState.QUEUED);
  }

  @Test
  void a_transition_that_runhook_refuses_rolls_back_the_row() {
    deploy("ended");
    deployments.changeState("ended", RunState.FAILED);

    assertThatThrownBy(() -> deployments.changeState("ended", RunState.FINISHED))
        .isInstanceOf(RefusedException.class);

    assertThat(row("ended")).isEqualTo("FAILED");
  }

  @Test
  void joining_without_a_transaction_is_rejected() {
    assertThatIllegalStateException().isThrownBy(() -> SpringUnitOfWork.joining(dataSource));
  }

  private static void deploy(String id) {
    jdbc.update("insert into deployment values (?, 'QUEUED')", id);
    journal.start(
        NewRun.of(
            RunDetails.tracked("main", Commit.of("0ee3f1c")),
            TransitionReport.of(run(id), RunState.QUEUED)));
  }

  private static RunId run(String id) {
    return new RunId(Deployments.STACK, id);
  }

  private static String row(String id) {
    return jdbc.queryForObject("select state from deployment where id = ?", String.class, id);
  }

  private static RunState runState(String id) {
    return journal.run(run(id)).run().progress().state();
  }
}
