package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.DeliveryScope.OfAccount;
import dev.runhook.application.DeliveryScope.OfRun;
import dev.runhook.application.DeliveryScope.OfWebhook;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Lists of deliveries, open and finished.
@Contract
public interface DeliveryListContract {
  Transactor transactor();

  @Test
  default void deliveries_are_filtered_by_what_they_are() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    Webhook other = contractFixture.addWebhook();
    contractFixture.addDelivery(other, contractFixture.addRun());
    RunId run = contractFixture.addRun();
    DeliveryId delivered = contractFixture.addDelivery(webhook, run, RunState.PLANNING);
    dispatchSteps.deliverAllDue();
    DeliveryId failed = contractFixture.addDelivery(webhook, run, RunState.FAILED);
    dispatchSteps.exhaust(dispatchSteps.claim().getFirst());
    DeliveryId open =
        contractFixture.addDelivery(webhook, contractFixture.addRun(), RunState.PLANNING);

    DeliveryFilter all = of(webhook);

    assertThat(list(contractFixture, all)).containsExactly(open, failed, delivered);
    assertThat(list(contractFixture, all.status(Status.PENDING))).containsExactly(open);
    assertThat(list(contractFixture, all.status(Status.DELIVERED))).containsExactly(delivered);
    assertThat(list(contractFixture, all.status(Status.FAILED))).containsExactly(failed);
    assertThat(list(contractFixture, all.state(RunState.PLANNING)))
        .containsExactly(open, delivered);
    assertThat(list(contractFixture, all.state(RunState.READY))).isEmpty();
    assertThat(list(contractFixture, all.status(Status.PENDING).state(RunState.PLANNING)))
        .containsExactly(open);
    assertThat(list(contractFixture, all.status(Status.DELIVERED).state(RunState.FAILED)))
        .isEmpty();
  }

  @Test
  default void pings_are_listed_with_the_others_unless_a_state_is_asked_for() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    DeliveryId moved =
        contractFixture.addDelivery(webhook, contractFixture.addRun(), RunState.PLANNING);
    DeliveryId ping = ping(contractFixture, webhook);
    DeliveryFilter all = of(webhook);

    List<DeliveryId> open = list(contractFixture, all.status(Status.PENDING));
    DispatchSteps.on(contractFixture).deliverAllDue();

    assertThat(open).containsExactly(ping, moved);
    assertThat(list(contractFixture, all)).containsExactly(ping, moved);
    assertThat(list(contractFixture, all.status(Status.DELIVERED))).containsExactly(ping, moved);
    assertThat(list(contractFixture, all.state(RunState.PLANNING))).containsExactly(moved);
  }

  @Test
  default void deliveries_of_one_run_are_listed_for_a_webhook_and_for_all() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    Webhook other = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, contractFixture.addRun());
    ping(contractFixture, webhook);
    DeliveryId delivered = contractFixture.addDelivery(webhook, run, RunState.PLANNING);
    dispatchSteps.deliverAllDue();
    DeliveryId open = contractFixture.addDelivery(webhook, run, RunState.FAILED);
    DeliveryId others = contractFixture.addDelivery(other, run, RunState.FAILED);
    DeliveryFilter ofRun = DeliveryFilter.of(new OfRun(run));

    assertThat(list(contractFixture, ofRun)).containsExactly(others, open, delivered);
    assertThat(list(contractFixture, ofRun.status(Status.DELIVERED))).containsExactly(delivered);
    assertThat(list(contractFixture, ofRun.state(RunState.FAILED))).containsExactly(others, open);
    assertThat(list(contractFixture, ofRun.state(RunState.PLANNING))).containsExactly(delivered);
    assertThat(list(contractFixture, of(webhook, run.name()))).containsExactly(open, delivered);
    assertThat(list(contractFixture, of(webhook, "nobodys"))).isEmpty();
  }

  @Test
  default void deliveries_of_an_account_are_those_of_the_stacks_in_reach() {
    ContractFixture stranger = ContractFixture.on(transactor());
    stranger.addDelivery(stranger.addWebhook(), stranger.addRun());
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId first = contractFixture.addDelivery(webhook, run);
    DispatchSteps.on(contractFixture).deliverAllDue();
    DeliveryId second =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    StackScope demo = new StackScope.Only(Set.of("demo", "none"));
    StackScope elsewhere = new StackScope.Only(Set.of("none"));

    assertThat(
            list(
                contractFixture,
                ofAccount(contractFixture, new StackScope.All(), Optional.empty())))
        .containsExactly(second, first);
    assertThat(list(contractFixture, ofAccount(contractFixture, demo, Optional.empty())))
        .containsExactly(second, first);
    assertThat(list(contractFixture, ofAccount(contractFixture, demo, Optional.of(run.name()))))
        .containsExactly(first);
    assertThat(list(contractFixture, ofAccount(contractFixture, elsewhere, Optional.empty())))
        .isEmpty();
    assertThat(
            list(
                contractFixture,
                ofAccount(contractFixture, new StackScope.Only(Set.of()), Optional.empty())))
        .isEmpty();
  }

  @Test
  default void deliveries_to_a_webhook_that_was_deleted_are_listed_nowhere() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    DispatchSteps.on(contractFixture).deliverAllDue();

    contractFixture.inTransaction(unit -> unit.webhooks().delete(webhook.stack(), webhook.id()));

    assertThat(list(contractFixture, DeliveryFilter.of(new OfRun(run)))).isEmpty();
    assertThat(
            list(
                contractFixture,
                ofAccount(contractFixture, new StackScope.All(), Optional.empty())))
        .isEmpty();
  }

  @Test
  default void deliveries_are_filtered_by_their_creation() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    DeliveryId id = contractFixture.addDelivery(webhook, contractFixture.addRun());
    Instant created = DispatchSteps.on(contractFixture).details(id).delivery().createdAt();

    for (DeliveryFilter all : List.of(of(webhook), of(webhook).state(RunState.PREPARING))) {
      assertThat(list(contractFixture, all.from(created))).containsExactly(id);
      assertThat(list(contractFixture, all.from(created.plusNanos(1)))).isEmpty();
      assertThat(list(contractFixture, all.to(created))).isEmpty();
      assertThat(list(contractFixture, all.to(created.plusNanos(1)))).containsExactly(id);
    }
    assertThat(list(contractFixture, of(webhook).from(Instant.EPOCH.minusSeconds(1))))
        .containsExactly(id);
    assertThat(list(contractFixture, of(webhook).to(Instant.EPOCH.minusSeconds(1)))).isEmpty();
    assertThat(list(contractFixture, of(webhook).to(Instant.parse("9999-12-31T23:59:59.999Z"))))
        .containsExactly(id);
  }

  @Test
  default void the_newest_delivery_is_first_and_pages_neither_repeat_nor_skip_while_rows_arrive() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    List<DeliveryFilter> ways =
        List.of(
            of(webhook),
            of(webhook).state(RunState.PREPARING),
            of(webhook, run.name()),
            DeliveryFilter.of(new OfRun(run)),
            ofAccount(contractFixture, new StackScope.All(), Optional.empty()));
    List<DeliveryId> added = new ArrayList<>();
    IntStream.range(0, 5).forEach(_ -> added.add(contractFixture.addDelivery(webhook, run)));

    for (DeliveryFilter all : ways) {
      assertThat(
              walked(
                  contractFixture,
                  all,
                  () -> {
                    DispatchSteps.on(contractFixture)
                        .deliver(DispatchSteps.on(contractFixture).claim().getFirst());
                    contractFixture.addDelivery(webhook, run);
                  }))
          .isEqualTo(added.reversed());
      added.clear();
      added.addAll(list(contractFixture, of(webhook)).reversed());
    }
  }

  /// All ids, page by page; between any two pages something happens.
  private static List<DeliveryId> walked(
      ContractFixture contractFixture, DeliveryFilter filter, Runnable between) {
    List<DeliveryId> seen = new ArrayList<>();
    Optional<PageRequest> request = Optional.of(new PageRequest(2, Optional.empty()));
    while (request.isPresent()) {
      PageRequest asked = request.get();
      Page<Delivery> page =
          contractFixture.inTransaction(unit -> unit.deliveries().list(filter, asked));
      page.items().forEach(item -> seen.add(item.id()));
      request = page.next().map(asked::withAfter);
      between.run();
    }
    return seen;
  }

  private static DeliveryId ping(ContractFixture contractFixture, Webhook webhook) {
    return contractFixture.inTransaction(unit -> {
      var ping = contractFixture.newPing(unit, webhook);
      unit.deliveries().add(List.of(ping), Duration.ZERO);
      return ping.id();
    });
  }

  private static DeliveryFilter of(Webhook webhook) {
    return DeliveryFilter.of(DeliveryScope.of(webhook.stack(), webhook.id()));
  }

  private static DeliveryFilter of(Webhook webhook, String run) {
    return DeliveryFilter.of(new OfWebhook(webhook.stack(), webhook.id(), Optional.of(run)));
  }

  private static DeliveryFilter ofAccount(
      ContractFixture contractFixture, StackScope stackScope, Optional<String> run) {
    return DeliveryFilter.of(new OfAccount(contractFixture.account(), stackScope, run));
  }

  private static List<DeliveryId> list(ContractFixture contractFixture, DeliveryFilter filter) {
    Page<Delivery> page =
        contractFixture.inTransaction(unit -> unit.deliveries().list(filter, PageRequest.first()));
    return page.items().stream().map(Delivery::id).toList();
  }
}
