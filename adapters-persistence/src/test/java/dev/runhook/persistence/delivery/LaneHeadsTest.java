package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LaneHeadsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

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
    List<LeasedDelivery> claimed =
        POSTGRES
            .transactor()
            .inTransaction(
                unit -> unit.deliveries().claimDue(ClaimRequest.of(StoreFixture.HOUR, 10)));

    POSTGRES
        .transactor()
        .run(holder -> {
          holder.runs().findForUpdate(Set.of(runs.getFirst()));
          var deferred =
              POSTGRES
                  .transactor()
                  .inTransaction(
                      unit -> StoreFixture.complete(unit, claimed, new Disposition.Delivered()));

          assertThat(deferred).hasSize(1);
        });

    assertThat(POSTGRES.count("select count(*) from runhook.delivery")).isEqualTo(1);
    assertThat(POSTGRES.count("select count(*) from runhook.delivery_queue")).isEqualTo(1);
  }
}
