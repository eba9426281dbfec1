package com.example.modules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.ApplicationModuleListener;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.Externalized;
import org.springframework.transaction.support.TransactionOperations;

/// The externalization of events of Spring Modulith 1.4, which is for Spring Boot 3. The example
/// host-spring has that of Spring Modulith 2.
@SpringBootTest(
    properties = {
      "runhook.account=modules",
      "spring.modulith.events.jdbc.schema-initialization.enabled=true"
    })
class ModulithTest {
  private static final StackId STACK = new StackId(new AccountId("modules"), "main");

  @Autowired private ApplicationEventPublisher events;
  @Autowired private TransactionOperations transactions;
  @Autowired private RunJournal journal;

  @Externalized
  record BuildStarted(String build) {}

  @Externalized
  record BuildFinished(String build) {}

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    @Bean
    static EventExternalizationConfiguration externalization() {
      return EventExternalizationConfiguration.externalizing()
          .select(EventExternalizationConfiguration.annotatedAsExternalized())
          .mapping(
              BuildStarted.class,
              event ->
                  NewRun.of(
                      RunDetails.tracked("main", Commit.of("0ee3f1c")),
                      TransitionReport.of(run(event.build()), RunState.QUEUED)))
          .mapping(
              BuildFinished.class,
              event -> TransitionReport.of(run(event.build()), RunState.FINISHED))
          .build();
    }

    /// Fills Modulith's own table of publications, as in any such application.
    @ApplicationModuleListener
    void on(BuildFinished ignored) {}

    @Bean(destroyMethod = "close")
    EmbeddedPostgres postgres() throws IOException {
      return EmbeddedPostgres.start();
    }

    @Bean
    DataSource dataSource(EmbeddedPostgres postgres) {
      return postgres.getPostgresDatabase();
    }
  }

  @Test
  void an_externalized_event_is_recorded_in_the_transaction_that_publishes_it() {
    journal.register(Stack.named(STACK, "Main"));

    transactions.executeWithoutResult(ignored -> events.publishEvent(new BuildStarted("b1")));
    transactions.executeWithoutResult(status -> {
      events.publishEvent(new BuildFinished("b1"));
      status.setRollbackOnly();
    });
    assertThat(state("b1")).isEqualTo(RunState.QUEUED);
    transactions.executeWithoutResult(ignored -> events.publishEvent(new BuildFinished("b1")));

    assertThat(state("b1")).isEqualTo(RunState.FINISHED);
  }

  private RunState state(String build) {
    return journal.run(run(build)).run().progress().state();
  }

  private static RunId run(String build) {
    return new RunId(STACK, build);
  }
}
