package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LaneHeadsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @BeforeEach
  void empty() {
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "truncate runhook.delivery_queue, runhook.delivery, runhook.webhook, runhook.run,"
                    + " runhook.stack cascade"));
  }

  @Test
  void a_recording_transaction_defers_only_the_deliveries_of_its_runs() {
    List<RunId> runs = new ArrayList<>();
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          for (String name : List.of("held", "free")) {
            RunId run = StoreFixture.addRun(unit, name);
            runs.add(run);
            StoreFixture.recordTransition(unit, webhook, run);
          }
        });
    List<LeasedDelivery> claimed = claim();

    POSTGRES
        .transactor()
        .run(holder -> {
          holder.runs().findForUpdate(Set.of(runs.getFirst()));
          Set<DeliveryId> deferred = complete(claimed);

          assertThat(deferred).hasSize(1);
        });

    assertThat(POSTGRES.count("select count(*) from runhook.delivery")).isEqualTo(1);
    assertThat(POSTGRES.count("select count(*) from runhook.delivery_queue")).isEqualTo(1);
  }

  @Test
  void the_result_before_a_locked_operational_event_is_deferred() {
    List<DeliveryId> reported =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              StoreFixture.addStack(unit);
              Webhook affected = StoreFixture.addWebhook(unit, 1);
              Webhook receiver = StoreFixture.addWebhook(unit, 2);
              return List.of(
                  StoreFixture.reportAbout(unit, affected, receiver),
                  StoreFixture.reportAbout(unit, affected, receiver));
            });
    List<LeasedDelivery> claimed = claim();

    Set<DeliveryId> deferred;
    try (Handle holder = POSTGRES.jdbi().open()) {
      holder.begin();
      holder.execute("select id from runhook.delivery_queue where due_at is null for update");
      deferred = complete(claimed);
      holder.rollback();
    }
    Set<DeliveryId> deferredLater = complete(claimed);

    assertThat(deferred).containsExactly(reported.getFirst());
    assertThat(deferredLater).isEmpty();
    assertThat(StoreFixture.ids(claim())).containsExactly(reported.getLast());
  }

  private static List<LeasedDelivery> claim() {
    return POSTGRES
        .transactor()
        .inTransaction(unit -> unit.deliveries().claimDue(ClaimRequest.of(StoreFixture.HOUR, 10)));
  }

  private static Set<DeliveryId> complete(List<LeasedDelivery> claimed) {
    return POSTGRES
        .transactor()
        .inTransaction(unit -> StoreFixture.complete(unit, claimed, new Disposition.Delivered()));
  }
}
