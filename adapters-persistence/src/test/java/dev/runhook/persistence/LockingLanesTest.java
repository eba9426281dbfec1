package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LockingLanesTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void a_run_that_somebody_holds_defers_its_own_deliveries_and_no_others() {
    List<RunId> runs = new ArrayList<>();
    POSTGRES
        .transactor()
        .run(unit -> {
          Stage.prepare(unit);
          Webhook webhook = Stage.webhook(unit, 1);
          for (String name : List.of("held", "free")) {
            RunId run = Stage.run(unit, name);
            runs.add(run);
            Stage.move(unit, webhook, run);
          }
        });
    List<Parcel> parcels =
        POSTGRES
            .transactor()
            .inTransaction(
                unit -> unit.deliveries().claimDue(new Claim(Stage.HOUR, 10, 10, Map.of())));

    POSTGRES
        .transactor()
        .run(holder -> {
          holder.runs().findForUpdate(Set.of(runs.getFirst()));
          var deferred =
              POSTGRES
                  .transactor()
                  .inTransaction(unit -> Stage.settle(unit, parcels, new Fate.Delivered()));

          assertThat(deferred).hasSize(1);
        });

    assertThat(POSTGRES.count("select count(*) from runhook.delivery")).isEqualTo(1);
    assertThat(POSTGRES.count("select count(*) from runhook.queue")).isEqualTo(1);
  }
}
