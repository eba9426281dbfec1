package dev.runhook.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.modulith.events.EventExternalizationConfiguration.annotatedAsExternalized;
import static org.springframework.modulith.events.EventExternalizationConfiguration.externalizing;

import dev.runhook.application.refusal.RefusedException;
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
import dev.runhook.spring.test.InMemoryRunhook;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.Externalized;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

class RunhookModulithAutoConfigurationTest {
  private static final StackId STACK = new StackId(new AccountId("default"), "main");

  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withUserConfiguration(Application.class)
          .withConfiguration(
              AutoConfigurations.of(
                  RunhookAutoConfiguration.class, RunhookModulithAutoConfiguration.class));

  @Externalized
  record Queued(String deployment, String commit) {}

  @Externalized
  record Finished(String deployment) {}

  @Externalized
  record Renamed(String deployment) {}

  record Internal(String deployment) {}

  @InMemoryRunhook
  static class Application {
    @Bean
    static EventExternalizationConfiguration externalization() {
      return externalizing()
          .select(annotatedAsExternalized())
          .mapping(
              Queued.class,
              event ->
                  NewRun.of(
                      RunDetails.tracked("main", Commit.of(event.commit())),
                      TransitionReport.of(run(event.deployment()), RunState.QUEUED)))
          .mapping(
              Finished.class,
              event -> TransitionReport.of(run(event.deployment()), RunState.FINISHED))
          .mapping(
              Internal.class,
              event -> {
                throw new IllegalStateException("not selected");
              })
          .build();
    }
  }

  @Test
  void an_externalized_event_is_recorded_in_the_transaction_that_publishes_it() {
    context.run(app -> {
      register(app);
      TransactionTemplate transactions = new TransactionTemplate(new AnyTransactions());

      transactions.executeWithoutResult(ignored -> app.publishEvent(new Queued("d1", "0ee3f1c")));
      transactions.executeWithoutResult(status -> {
        app.publishEvent(new Finished("d1"));
        status.setRollbackOnly();
      });
      assertThat(state(app)).isEqualTo(RunState.QUEUED);
      transactions.executeWithoutResult(ignored -> app.publishEvent(new Finished("d1")));

      assertThat(state(app)).isEqualTo(RunState.FINISHED);
    });
  }

  @Test
  void a_refusal_reaches_the_publisher() {
    context.run(app -> {
      register(app);

      assertThatThrownBy(() -> app.publishEvent(new Finished("unknown")))
          .isInstanceOf(RefusedException.class);
    });
  }

  @Test
  void other_events_are_left_to_others() {
    context.run(app -> {
      app.publishEvent(new Renamed("d1"));
      app.publishEvent(new Internal("d1"));
      app.publishEvent("text");

      assertThat(app.getBean(RunJournal.class)).isNotNull();
    });
  }

  @Test
  void nothing_is_recorded_without_a_configuration_of_events() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(RunhookModulithAutoConfiguration.class))
        .run(app -> assertThat(app).doesNotHaveBean("runhookExternalizer"));
  }

  private static void register(ApplicationContext app) {
    app.getBean(RunJournal.class).register(Stack.named(STACK, "Main"));
  }

  private static RunState state(ApplicationContext app) {
    return app.getBean(RunJournal.class).run(run("d1")).run().progress().state();
  }

  private static RunId run(String deployment) {
    return new RunId(STACK, deployment);
  }

  /// Transactions without a database.
  @SuppressWarnings("serial")
  private static final class AnyTransactions extends AbstractPlatformTransactionManager {
    @Override
    protected Object doGetTransaction() {
      return this;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {}

    @Override
    protected void doCommit(DefaultTransactionStatus status) {}

    @Override
    protected void doRollback(DefaultTransactionStatus status) {}
  }
}
