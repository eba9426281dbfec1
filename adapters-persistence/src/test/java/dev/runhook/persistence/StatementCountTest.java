package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.run.KnownRuns;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.testkit.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A batch takes as many statements as a single delivery.
class StatementCountTest {
  private static final int BATCH_SIZE = 50;
  private static final ClaimRequest ALL = ClaimRequest.of(StoreFixture.HOUR, 1000);

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @BeforeAll
  static void prepare() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          StoreFixture.addWebhook(unit, 1);
          IntStream.range(0, BATCH_SIZE)
              .forEach(number -> StoreFixture.addRun(unit, "run-" + number));
        });
  }

  @Test
  void recording_claiming_and_completing_a_batch_takes_as_many_statements_as_one_delivery() {
    int one = statementsFor(1);
    int batch = statementsFor(BATCH_SIZE);

    assertThat(batch).isEqualTo(one).isLessThan(20);
    assertThat(POSTGRES.count("select count(*) from runhook.delivery")).isEqualTo(BATCH_SIZE + 1);
  }

  private static int statementsFor(int count) {
    AtomicInteger statements = new AtomicInteger();
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.setSqlLogger(
          new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
              statements.incrementAndGet();
            }
          });
      handle.useTransaction(ignored ->
          record(
              new JdbiUnitOfWork(handle, () -> false, SecretCipher.none(), new KnownRuns()),
              count));
      handle.useTransaction(ignored ->
          deliver(new JdbiUnitOfWork(handle, () -> false, SecretCipher.none(), new KnownRuns())));
    }
    return statements.get();
  }

  private static void record(JdbiUnitOfWork unit, int count) {
    List<RunId> ids =
        IntStream.range(0, count)
            .mapToObj(number -> new RunId(Samples.DEMO, "run-" + number))
            .toList();
    Map<RunId, Run> runs = unit.runs().findForUpdate(ids);
    Webhook webhook =
        unit.webhooks()
            .findByStacks(unit.stacks().findAll(List.of(Samples.DEMO)).keySet())
            .values()
            .iterator()
            .next()
            .getFirst();
    List<RunStateChanged> changes =
        runs.values().stream()
            .map(run ->
                Samples.runStateChanged(
                    new EventId(StoreFixture.newId()),
                    Samples.stack(),
                    run,
                    RunState.PLANNING,
                    Samples.NOON))
            .toList();
    unit.append(
        new JournalEntry(
            changes.stream().map(RunStateChanged::run).toList(),
            changes.stream().map(change -> new RenderedEvent(change, Payload.of("{}"))).toList(),
            List.of(),
            changes.stream().map(change -> delivery(change, webhook)).toList()),
        StoreFixture.HOUR);
  }

  private static NewDelivery delivery(RunStateChanged change, Webhook webhook) {
    TransitionRef ref =
        new TransitionRef(
            change.run().id().name(), RunState.PLANNING, change.transition().version());
    DeliveryContent content =
        new DeliveryContent(
            change.id(),
            Event.Kind.RUN_STATE_CHANGED,
            Optional.of(ref),
            Payload.of("{}"),
            Optional.empty(),
            Optional.empty());
    return new NewDelivery(new DeliveryId(StoreFixture.newId()), webhook, content, false);
  }

  private static void deliver(JdbiUnitOfWork unit) {
    StoreFixture.complete(unit, unit.deliveries().claimDue(ALL), new Disposition.Delivered());
  }
}
