package dev.runhook.bench.load;

import dev.runhook.application.Actor;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.webhook.NewWebhook;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.schema.Schema;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// Makes a [Dataset] in an empty database. Runs are there before webhooks are, so that nothing is
/// to be delivered yet.
public final class DatabaseSeeder {
  private static final int CALLERS = 16;

  private final Dataset dataset;
  private final RunJournal journal;
  private final WebhookAdmin webhooks;

  private DatabaseSeeder(Dataset world, Transactor transactor, ExecutorService threads) {
    InstantSource clock = InstantSource.system();
    this.dataset = world;
    this.journal =
        RunJournal.using(
            transactor,
            new RunJournal.Dependencies(new JsonPayloadRenderer(), new UuidV7Ids(), clock),
            DispatchHandoff.none(),
            threads);
    this.webhooks =
        WebhookAdmin.using(
            transactor, Loopback.policy(), new UuidV7Ids(), clock, new SecureRandom());
  }

  /// @param endpoint of the webhook of that number; stack s has those from s times the fan-out on
  public static void seed(Dataset world, DataSource database, IntFunction<String> endpoint) {
    new Schema(database).migrate();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      DatabaseSeeder databaseSeeder =
          new DatabaseSeeder(world, new JdbiTransactor(database), threads);
      databaseSeeder.stacks();
      databaseSeeder.runs(callers);
      databaseSeeder.webhooks(endpoint);
    }
  }

  private void stacks() {
    for (int i = 0; i < dataset.stacks(); i++) {
      journal.register(Stack.named(dataset.stack(i), "Stack " + i));
    }
  }

  private void runs(ExecutorService callers) {
    List<Future<Recorded>> starts =
        IntStream.range(0, dataset.runs()).mapToObj(i -> callers.submit(() -> start(i))).toList();
    starts.forEach(Loopback::get);
  }

  private Recorded start(int run) {
    return journal.start(
        NewRun.of(dataset.runDetails(), TransitionReport.of(dataset.run(run), RunState.QUEUED)));
  }

  private void webhooks(IntFunction<String> endpoint) {
    for (int i = 0; i < dataset.stacks() * dataset.fanOut(); i++) {
      webhooks.create(
          dataset.stack(i / dataset.fanOut()),
          NewWebhook.of(endpoint.apply(i)),
          new Actor("bench"));
    }
  }
}
