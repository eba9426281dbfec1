package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for the maintenance of history partitions. The deletion of old partitions is tested
/// by each adapter, which knows how to create some.
@Contract
public interface HistoryPartitionsContract {
  Transactor transactor();

  /// Returns the history of the same store.
  HistoryPartitions historyPartitions();

  @Test
  default void recent_deliveries_are_not_dropped() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DeliveryId finished = fixture.addDelivery(webhook, fixture.addRun());
    DispatchSteps.on(fixture).deliverAllDue();
    DeliveryId open = fixture.addDelivery(webhook, fixture.addRun());

    int dropped = historyPartitions().dropOlderThan(Duration.ofDays(2));

    assertThat(dropped).isZero();
    assertThat(find(fixture, finished)).isPresent();
    assertThat(find(fixture, open)).isPresent();
  }

  @Test
  default void creating_partitions_again_loses_nothing() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DeliveryId open = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());

    historyPartitions().createAhead(Duration.ofDays(3));
    historyPartitions().createAhead(Duration.ofDays(3));

    assertThat(find(fixture, open)).isPresent();
    assertThat(DispatchSteps.on(fixture).claimIds()).containsExactly(open);
  }

  private Optional<StoredDelivery> find(ContractFixture fixture, DeliveryId id) {
    Transactor store = transactor();
    return store.inTransaction(unit -> unit.deliveries().find(fixture.account(), id));
  }
}
