package dev.runhook.bench.work;

import dev.runhook.application.Actor;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.run.Started;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.Start;
import dev.runhook.outbound.JsonPayloadRenderer;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Schema;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// Makes a [World] in an empty database. Runs are there before webhooks are, so that nothing is to
/// be delivered yet.
public final class Founding {
  private static final int CALLERS = 16;

  private final World world;
  private final RunJournal journal;
  private final WebhookAdmin webhooks;

  private Founding(World world, Transactor transactor, ExecutorService threads) {
    InstantSource clock = InstantSource.system();
    this.world = world;
    this.journal =
        RunJournal.using(
            transactor,
            new RunJournal.Recorder(new JsonPayloadRenderer(), new Ids(), clock),
            Intake.none(),
            threads);
    this.webhooks =
        WebhookAdmin.using(
            transactor,
            Loopback.policy(),
            new WebhookAdmin.Sources(new Ids(), clock, new SecureRandom()));
  }

  /// @param endpoint of the webhook of that number; stack s has those from s times the fan-out on
  public static void found(World world, DataSource database, IntFunction<String> endpoint) {
    new Schema(database).migrate();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      Founding founding = new Founding(world, new JdbiTransactor(database), threads);
      founding.stacks();
      founding.runs(callers);
      founding.webhooks(endpoint);
    }
  }

  private void stacks() {
    for (int i = 0; i < world.stacks(); i++) {
      journal.register(Stack.named(world.stack(i), "Stack " + i));
    }
  }

  private void runs(ExecutorService callers) {
    List<Future<Started>> starts =
        IntStream.range(0, world.runs()).mapToObj(i -> callers.submit(() -> start(i))).toList();
    starts.forEach(Loopback::get);
  }

  private Started start(int run) {
    return journal.start(Start.of(world.subject(), Report.of(world.run(run), RunState.QUEUED)));
  }

  private void webhooks(IntFunction<String> endpoint) {
    for (int i = 0; i < world.stacks() * world.fanOut(); i++) {
      webhooks.create(
          world.stack(i / world.fanOut()), WebhookDraft.of(endpoint.apply(i)), new Actor("bench"));
    }
  }
}
