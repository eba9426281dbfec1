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
import dev.runhook.spring.test.InMemoryRunhook;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.ScriptedTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// `@InMemoryRunhook` in an application with transactions of its own database.
@Timeout(120)
class InMemoryTransactionsTest {
  private static final EmbeddedPostgres POSTGRES = startPostgres();
  private static final Pattern STATE_AND_RUN =
      Pattern.compile("\"state\":\"(\\w+)\".*\"run\":\\{\"id\":\"(\\w+)\"");

  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withUserConfiguration(Application.class)
          .withConfiguration(
              AutoConfigurations.of(
                  DataSourceAutoConfiguration.class,
                  DataSourceTransactionManagerAutoConfiguration.class,
                  RunhookAutoConfiguration.class))
          .withPropertyValues(
              "spring.datasource.url=" + POSTGRES.getJdbcUrl("postgres", "postgres"));

  @InMemoryRunhook
  static class Application {}

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
  void what_a_committed_transaction_recorded_is_sent_after_the_commit() {
    context.run(app -> {
      StackId stack = createWebhook(app);

      transactions(app)
          .executeWithoutResult(ignored -> {
            journal(app).start(newRun(stack, "r1"));
            journal(app).record(TransitionReport.of(new RunId(stack, "r1"), RunState.READY));
            assertThat(sent(app)).isEmpty();
          });

      assertThat(sent(app)).containsExactly("r1 QUEUED", "r1 READY");
    });
  }

  @Test
  void what_a_rolled_back_transaction_recorded_is_not_sent() {
    context.run(app -> {
      StackId stack = createWebhook(app);

      assertThatThrownBy(() ->
              transactions(app)
                  .executeWithoutResult(ignored -> {
                    journal(app).start(newRun(stack, "r1"));
                    throw new ArithmeticException("the host failed");
                  }))
          .isInstanceOf(ArithmeticException.class);
      app.getBean(Runhook.class).dispatcher().poll();

      assertThat(sent(app)).isEmpty();
      assertThatThrownBy(() -> journal(app).run(new RunId(stack, "r1")))
          .isInstanceOf(RefusedException.class);
    });
  }

  @Test
  void what_a_rolled_back_nested_transaction_recorded_is_not_sent() {
    context.run(app -> {
      StackId stack = createWebhook(app);

      transactions(app)
          .executeWithoutResult(ignored -> {
            rollBack(nested(app), inner -> journal(app).start(newRun(stack, "r1")));
            journal(app).start(newRun(stack, "r2"));
            rollBack(nested(app), inner -> journal(app).start(newRun(stack, "r3")));
          });

      assertThat(sent(app)).containsExactly("r2 QUEUED");
    });
  }

  @Test
  void an_inner_transaction_of_its_own_is_sent_although_the_outer_one_is_rolled_back() {
    context.run(app -> {
      StackId stack = createWebhook(app);
      TransactionTemplate inner = transactions(app);
      inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

      rollBack(
          transactions(app),
          ignored -> {
            journal(app).start(newRun(stack, "outer"));
            inner.executeWithoutResult(own -> journal(app).start(newRun(stack, "inner")));
            journal(app).record(TransitionReport.of(new RunId(stack, "outer"), RunState.READY));
          });

      assertThat(sent(app)).containsExactly("inner QUEUED");
    });
  }

  @Test
  void other_work_commits_during_a_transaction() {
    context.run(app -> {
      StackId stack = createWebhook(app);

      transactions(app)
          .executeWithoutResult(ignored -> {
            journal(app).start(newRun(stack, "r1"));
            createWebhook(app, stack, 2);
            CompletableFuture.runAsync(() -> journal(app).start(newRun(stack, "r2"))).join();
            journal(app).record(TransitionReport.of(new RunId(stack, "r1"), RunState.READY));
          });

      assertThat(sent(app)).containsExactly("r2 QUEUED", "r1 QUEUED", "r1 READY");
      assertThat(sentTo(app, 2)).containsExactly("r2 QUEUED", "r1 READY");
    });
  }

  @Test
  void what_is_recorded_after_the_commit_is_sent() {
    context.run(app -> {
      StackId stack = createWebhook(app);

      transactions(app)
          .executeWithoutResult(ignored -> {
            journal(app).start(newRun(stack, "r1"));
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    journal(app)
                        .record(TransitionReport.of(new RunId(stack, "r1"), RunState.READY));
                  }
                });
          });

      assertThat(sent(app)).containsExactly("r1 QUEUED", "r1 READY");
    });
  }

  @Test
  void a_transaction_that_does_not_use_the_data_source_is_not_joined() {
    context.run(app -> {
      StackId stack = createWebhook(app);

      rollBack(
          new TransactionTemplate(new OtherTransactions()),
          ignored -> journal(app).start(newRun(stack, "r1")));

      assertThat(sent(app)).containsExactly("r1 QUEUED");
    });
  }

  @Test
  void a_transaction_that_postgresql_could_not_join_is_refused() {
    context.run(app -> {
      StackId stack = createWebhook(app);
      TransactionTemplate readOnly = transactions(app);
      readOnly.setReadOnly(true);
      TransactionTemplate serializable = transactions(app);
      serializable.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);

      assertRefused(app, readOnly, stack, "read-only");
      assertRefused(app, serializable, stack, "begin it at READ COMMITTED");

      assertThat(sent(app)).isEmpty();
    });
  }

  private static void assertRefused(
      ApplicationContext app, TransactionTemplate transactions, StackId stack, String reason) {
    assertThatThrownBy(() ->
            transactions.executeWithoutResult(
                ignored -> journal(app).start(newRun(stack, "refused"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void endpoints_are_checked_and_transitions_are_counted_as_in_production() {
    context
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(app -> {
          StackId stack = createWebhook(app);

          for (String forbidden : List.of("http://10.0.0.1/", "http://localhost/", "ftp://a.com")) {
            assertThatThrownBy(() ->
                    app.getBean(WebhookAdmin.class)
                        .create(stack, CreateWebhookRequest.of(forbidden), new Actor("the test")))
                .as(forbidden)
                .isInstanceOf(RefusedException.class);
          }
          transactions(app)
              .executeWithoutResult(ignored -> journal(app).start(newRun(stack, "r1")));

          assertThat(
                  app.getBean(MeterRegistry.class)
                      .get("runhook.transitions")
                      .tag("state", "QUEUED")
                      .counter()
                      .count())
              .isEqualTo(1);
        });
  }

  @Test
  void the_runhook_that_the_application_declares_is_replaced() {
    context
        .withUserConfiguration(OwnRunhook.class)
        .run(app -> {
          StackId stack = createWebhook(app);

          journal(app).start(newRun(stack, "r1"));

          assertThat(sent(app)).containsExactly("r1 QUEUED");
          assertThat(app.getBeanNamesForType(Runhook.class)).hasSize(1);
        });
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnRunhook {
    @Bean
    Runhook runhook(DataSource dataSource, RunhookConfigurer configurer) {
      return configurer.configure(Runhook.on(dataSource)).start();
    }
  }

  @Test
  void every_transaction_is_joined_without_a_data_source() {
    new ApplicationContextRunner()
        .withUserConfiguration(Application.class)
        .run(app -> {
          StackId stack = createWebhook(app);

          rollBack(
              new TransactionTemplate(new OtherTransactions()),
              ignored -> journal(app).start(newRun(stack, "r1")));
          app.getBean(Runhook.class).dispatcher().poll();

          assertThat(sent(app)).isEmpty();
        });
  }

  @Test
  void properties_are_applied() {
    context
        .withPropertyValues(
            "runhook.account=shop",
            "runhook.allowed-networks=127.0.0.0/8",
            "runhook.max-in-flight-per-webhook=3",
            "runhook.send-deliveries=false")
        .run(app -> {
          Runhook runhook = app.getBean(Runhook.class);
          StackId stack = register(app);
          app.getBean(WebhookAdmin.class)
              .create(stack, CreateWebhookRequest.of("http://127.0.0.1:1/"), new Actor("the test"));

          transactions(app)
              .executeWithoutResult(ignored -> journal(app).start(newRun(stack, "r1")));

          assertThat(stack.account().name()).isEqualTo("shop");
          assertThat(runhook.dispatchConfig().maxInFlightPerWebhook()).isEqualTo(3);
          assertThat(sent(app)).isEmpty();
        });
  }

  @Test
  void customizers_and_observers_are_applied_but_nothing_leaves_the_process() {
    AtomicBoolean leftTheProcess = new AtomicBoolean();
    Transport ownTransport =
        request -> {
          leftTheProcess.set(true);
          return Outcome.Responded.of(204);
        };
    context
        .withBean(
            RunhookCustomizer.class,
            () -> builder -> builder.account("customized").transport(ownTransport))
        .withBean(Transport.class, () -> ownTransport)
        .run(app -> {
          StackId stack = createWebhook(app);

          journal(app).start(newRun(stack, "r1"));

          assertThat(stack.account().name()).isEqualTo("customized");
          assertThat(sent(app)).containsExactly("r1 QUEUED");
          assertThat(leftTheProcess).isFalse();
          assertThat(app.getBean(DeliveryAdmin.class))
              .isSameAs(app.getBean(Runhook.class).deliveries());
        });
  }

  /// Transactions of something else than a database.
  @SuppressWarnings("serial")
  private static final class OtherTransactions extends AbstractPlatformTransactionManager {
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

  private static StackId createWebhook(ApplicationContext app) {
    StackId stack = register(app);
    createWebhook(app, stack, 1);
    return stack;
  }

  private static StackId register(ApplicationContext app) {
    StackId stack = app.getBean(Runhook.class).stack("main");
    journal(app).register(Stack.named(stack, "Main"));
    return stack;
  }

  private static void createWebhook(ApplicationContext app, StackId stack, int number) {
    app.getBean(WebhookAdmin.class)
        .create(
            stack, CreateWebhookRequest.of(Samples.endpoint(number).text()), new Actor("the test"));
  }

  private static NewRun newRun(StackId stack, String id) {
    return NewRun.of(
        RunDetails.tracked("main", Commit.of("0ee3f1c")),
        TransitionReport.of(new RunId(stack, id), RunState.QUEUED));
  }

  private static RunJournal journal(ApplicationContext app) {
    return app.getBean(RunJournal.class);
  }

  private static TransactionTemplate transactions(ApplicationContext app) {
    return new TransactionTemplate(app.getBean(PlatformTransactionManager.class));
  }

  private static TransactionTemplate nested(ApplicationContext app) {
    TransactionTemplate nested = transactions(app);
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    return nested;
  }

  private static void rollBack(TransactionTemplate transactions, Consumer<TransactionStatus> work) {
    transactions.executeWithoutResult(status -> {
      work.accept(status);
      status.setRollbackOnly();
    });
  }

  /// Returns the runs and states that were sent to the first webhook, such as `r1 QUEUED`.
  private static List<String> sent(ApplicationContext app) {
    return sentTo(app, 1);
  }

  private static List<String> sentTo(ApplicationContext app, int webhook) {
    return app.getBean(ScriptedTransport.class).requestsTo(Samples.endpoint(webhook)).stream()
        .flatMap(request -> STATE_AND_RUN.matcher(request.payload().text()).results())
        .map(match -> match.group(2) + " " + match.group(1))
        .toList();
  }
}
