package dev.runhook.testkit.contract.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Events.ErasureProgress;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for the erasure of payloads.
@Contract
public interface PayloadErasureContract {
  Transactor transactor();

  @Test
  default void only_the_hash_of_an_erased_payload_remains() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId delivery = fixture.addDelivery(webhook, run);
    LeasedDelivery leased = DispatchSteps.on(fixture).claim().getFirst();
    DispatchSteps.on(fixture).deliver(leased);

    EventId event = leased.content().event();
    Set<EventId> before =
        fixture.inTransaction(unit -> unit.events().findWithPayload(List.of(event)));
    ErasureProgress erasureProgress = erase(fixture, run);
    Set<EventId> after =
        fixture.inTransaction(unit -> unit.events().findWithPayload(List.of(event)));

    assertThat(erasureProgress).isEqualTo(new ErasureProgress(1, 0, Optional.empty()));
    assertThat(before).containsExactly(event);
    assertThat(after).isEmpty();
    assertThat(DispatchSteps.on(fixture).details(delivery).payload())
        .isEqualTo(new StoredPayload.Erased(sha256(leased.content().payload()), Format.RUNHOOK));
    assertThat(DispatchSteps.on(fixture).details(delivery).attempts()).hasSize(1);
    assertThat(DispatchSteps.on(fixture).details(delivery).delivery().transition())
        .isEqualTo(leased.content().transition());
  }

  @Test
  default void payloads_of_open_deliveries_are_retained() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);
    DispatchSteps.on(fixture).deliver(DispatchSteps.on(fixture).claim().getFirst());

    ErasureProgress first = erase(fixture, run);
    LeasedDelivery open = DispatchSteps.on(fixture).claim().getFirst();
    DispatchSteps.on(fixture).deliver(open);
    ErasureProgress then = erase(fixture, run);

    assertThat(first).isEqualTo(new ErasureProgress(1, 1, Optional.empty()));
    assertThat(open.lease().delivery()).isEqualTo(second);
    assertThat(then).isEqualTo(new ErasureProgress(1, 0, Optional.empty()));
    assertThat(erase(fixture, run)).isEqualTo(ErasureProgress.none());
  }

  @Test
  default void erasing_a_run_does_not_affect_other_runs() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId other = fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(webhook, run);
    DispatchSteps.on(fixture).deliverAllDue();

    erase(fixture, run);

    assertThat(DispatchSteps.on(fixture).details(other).payload())
        .isInstanceOf(StoredPayload.Present.class);
  }

  @Test
  default void payloads_of_an_account_are_erased_in_batches() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    ContractFixture otherAccount = ContractFixture.on(transactor());
    DeliveryId otherDelivery =
        otherAccount.addDelivery(otherAccount.addWebhook(), otherAccount.addRun());
    List<DeliveryId> ownDeliveries =
        List.of(
            fixture.addDelivery(webhook, fixture.addRun()),
            fixture.addDelivery(webhook, fixture.addRun()),
            fixture.addDelivery(webhook, fixture.addRun()));
    DispatchSteps.on(fixture).deliverAllDue();
    DispatchSteps.on(otherAccount).deliverAllDue();

    ErasureProgress first = erase(fixture, new StackScope.All(), Optional.empty());
    ErasureProgress then = erase(fixture, new StackScope.All(), first.lastEvent());

    assertThat(first.erased()).isEqualTo(2);
    assertThat(then).isEqualTo(new ErasureProgress(1, 0, Optional.empty()));
    assertThat(ownDeliveries)
        .allSatisfy(id ->
            assertThat(DispatchSteps.on(fixture).details(id).payload())
                .isInstanceOf(StoredPayload.Erased.class));
    assertThat(DispatchSteps.on(otherAccount).details(otherDelivery).payload())
        .isInstanceOf(StoredPayload.Present.class);
  }

  @Test
  default void payloads_outside_the_stack_scope_are_retained() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DeliveryId delivery = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    DispatchSteps.on(fixture).deliverAllDue();

    ErasureProgress none = erase(fixture, new StackScope.Only(Set.of("other")), Optional.empty());
    StoredPayload payload = DispatchSteps.on(fixture).details(delivery).payload();
    ErasureProgress own = erase(fixture, new StackScope.Only(Set.of("demo")), Optional.empty());

    assertThat(none).isEqualTo(ErasureProgress.none());
    assertThat(payload).isInstanceOf(StoredPayload.Present.class);
    assertThat(own.erased()).isEqualTo(1);
  }

  private static ErasureProgress erase(ContractFixture fixture, RunId run) {
    return fixture.inTransaction(unit -> {
      unit.runs().findForUpdate(List.of(run));
      return unit.events().erasePayloads(run);
    });
  }

  private static ErasureProgress erase(
      ContractFixture fixture, StackScope stackScope, Optional<EventId> after) {
    return fixture.inTransaction(
        unit -> unit.events().erasePayloads(fixture.account(), stackScope, after, 2, false));
  }

  private static String sha256(Payload payload) {
    try {
      byte[] bytes = payload.text().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
