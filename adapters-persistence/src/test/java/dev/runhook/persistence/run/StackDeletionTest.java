package dev.runhook.persistence.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Events.SkippedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StackDeletionTest {
  private static final List<String> TABLES =
      List.of(
          "stack",
          "run",
          "webhook",
          "event",
          "event_rendering",
          "skipped_delivery",
          "delivery_queue");

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void a_deleted_stack_leaves_neither_events_nor_their_renderings() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          NewDelivery plain =
              StoreFixture.addTransition(unit, webhook, StoreFixture.addRun(unit, "run-1"), false);
          Payload message = Payload.of(plain.content().payload().bytes(), Format.SLACK);
          unit.deliveries()
              .add(
                  List.of(
                      new NewDelivery(
                          plain.id(), webhook, plain.content().withPayload(message), false)),
                  StoreFixture.HOUR);
          unit.events()
              .addSkipped(
                  List.of(
                      new SkippedDelivery(
                          plain.content().event(), webhook.id(), Code.SKIPPED_NO_CHANGES.with())));
        });
    assertThat(TABLES).allMatch(table -> count(table) == 1);

    POSTGRES.transactor().run(unit -> unit.stacks().delete(Samples.DEMO));

    assertThat(TABLES).allMatch(table -> count(table) == 0);
  }

  private static long count(String table) {
    return POSTGRES.count("select count(*) from runhook." + table);
  }
}
