package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.ClaimRequest;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.RenderedEvent;
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

/// A batch costs as many statements as one does.
class StatementCountTest {
  private static final int MANY = 50;
  private static final ClaimRequest ALL = new ClaimRequest(StoreFixture.HOUR, 1000, 1000, Map.of());

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @BeforeAll
  static void prepare() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          StoreFixture.addWebhook(unit, 1);
          IntStream.range(0, MANY).forEach(number -> StoreFixture.addRun(unit, "run-" + number));
        });
  }

  @Test
  void recording_claiming_and_settling_many_costs_as_many_statements_as_one() {
    int one = statementsFor(1);
    int many = statementsFor(MANY);

    assertThat(many).isEqualTo(one).isLessThan(20);
    assertThat(POSTGRES.count("select count(*) from runhook.delivery")).isEqualTo(MANY + 1);
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
      handle.useTransaction(_ -> record(JdbiUnitOfWork.on(handle, SecretCipher.none()), count));
      handle.useTransaction(_ -> deliver(JdbiUnitOfWork.on(handle, SecretCipher.none())));
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
    List<RunStateChanged> moves =
        runs.values().stream()
            .map(run ->
                Samples.runStateChanged(
                    new EventId(StoreFixture.newId()),
                    Samples.stack(),
                    run,
                    RunState.PLANNING,
                    Samples.NOON))
            .toList();
    unit.runs().save(moves.stream().map(RunStateChanged::run).toList(), List.of());
    unit.runs().addTransitions(moves);
    unit.events()
        .add(moves.stream().map(move -> new RenderedEvent(move, Payload.of("{}"))).toList());
    unit.deliveries()
        .add(moves.stream().map(move -> delivery(move, webhook)).toList(), StoreFixture.HOUR);
  }

  private static NewDelivery delivery(RunStateChanged moved, Webhook webhook) {
    TransitionRef transitionRef =
        new TransitionRef(moved.run().id().name(), RunState.PLANNING, moved.transition().version());
    DeliveryContent deliveryContent =
        new DeliveryContent(
            moved.id(),
            Event.Kind.RUN_STATE_CHANGED,
            Optional.of(transitionRef),
            Payload.of("{}"),
            Optional.empty(),
            Optional.empty());
    return new NewDelivery(new DeliveryId(StoreFixture.newId()), webhook, deliveryContent, false);
  }

  private static void deliver(JdbiUnitOfWork unit) {
    StoreFixture.complete(unit, unit.deliveries().claimDue(ALL), new Disposition.Delivered());
  }
}
