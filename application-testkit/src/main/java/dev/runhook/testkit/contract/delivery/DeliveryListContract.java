package dev.runhook.testkit.contract.delivery;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.DeliveryScope.OfAccount;
import dev.runhook.application.query.DeliveryScope.OfRun;
import dev.runhook.application.query.DeliveryScope.OfWebhook;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.LastResult;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requirements for lists of open and finished deliveries.
@Contract
public interface DeliveryListContract {
  Transactor transactor();

  @Test
  default void deliveries_are_filtered_by_status_and_state() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    fixture.addDelivery(other, fixture.addRun());
    RunId run = fixture.addRun();
    DeliveryId delivered = fixture.addDelivery(webhook, run, RunState.PLANNING);
    steps.deliverAllDue();
    DeliveryId failed = fixture.addDelivery(webhook, run, RunState.FAILED);
    steps.exhaust(steps.claim().getFirst());
    DeliveryId open = fixture.addDelivery(webhook, fixture.addRun(), RunState.PLANNING);

    DeliveryFilter all = of(webhook);

    assertThat(list(fixture, all)).containsExactly(open, failed, delivered);
    assertThat(list(fixture, all.withStatus(Status.PENDING))).containsExactly(open);
    assertThat(list(fixture, all.withStatus(Status.DELIVERED))).containsExactly(delivered);
    assertThat(list(fixture, all.withStatus(Status.FAILED))).containsExactly(failed);
    assertThat(list(fixture, all.withState(RunState.PLANNING))).containsExactly(open, delivered);
    assertThat(list(fixture, all.withState(RunState.READY))).isEmpty();
    assertThat(list(fixture, all.withStatus(Status.PENDING).withState(RunState.PLANNING)))
        .containsExactly(open);
    assertThat(list(fixture, all.withStatus(Status.DELIVERED).withState(RunState.FAILED)))
        .isEmpty();
  }

  @Test
  default void deliveries_are_filtered_by_the_outcome_and_status_code_of_their_latest_attempt() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId delivered = fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();
    DeliveryId failed = fixture.addDelivery(webhook, fixture.addRun(), RunState.FAILED);
    steps.exhaust(steps.claim().getFirst());
    DeliveryId retried = fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), Duration.ofHours(1));
    fixture.addDelivery(webhook, fixture.addRun());
    Outcome.Code failure = latestOutcome(steps, failed).code();
    DeliveryFilter all = of(webhook);
    int code = ((Outcome.Responded) latestOutcome(steps, delivered)).response().status();

    assertThat(latestOutcome(steps, retried).code()).isEqualTo(failure);
    assertThat(list(fixture, all.withOutcome(Outcome.Code.DELIVERED))).containsExactly(delivered);
    assertThat(list(fixture, all.withOutcome(failure))).containsExactly(retried, failed);
    assertThat(list(fixture, all.withOutcome(failure).withStatus(Status.FAILED)))
        .containsExactly(failed);
    assertThat(list(fixture, all.withOutcome(failure).withState(RunState.FAILED)))
        .containsExactly(failed);
    assertThat(list(fixture, all.withOutcome(failure).withStatus(Status.DELIVERED))).isEmpty();
    assertThat(list(fixture, all.withOutcome(Outcome.Code.TLS_FAILURE))).isEmpty();
    assertThat(list(fixture, all.withStatusCode(code))).containsExactly(delivered);
    assertThat(list(fixture, all.withStatusCode(code).withOutcome(failure))).isEmpty();
    assertThat(list(fixture, all.withStatusCode(226))).isEmpty();
    assertThat(list(fixture, all.withStatusCode(418))).isEmpty();
  }

  private static Outcome latestOutcome(DispatchSteps steps, DeliveryId id) {
    return steps.details(id).attempts().getLast().outcome();
  }

  @Test
  default void a_list_and_the_details_show_the_result_of_the_latest_attempt() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId delivered = fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();
    DeliveryId retried = fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    Outcome timeout = new Outcome.NoResponse(Outcome.Cause.TIMEOUT, "no response");
    steps.complete(steps.claim().getFirst(), timeout, new Disposition.Retry(Duration.ofHours(1)));
    DeliveryId open = fixture.addDelivery(webhook, fixture.addRun());

    Map<DeliveryId, Optional<LastResult>> results =
        fixture
            .inTransaction(unit -> unit.deliveries().list(of(webhook), PageRequest.first()))
            .items()
            .stream()
            .collect(toMap(Delivery::id, Delivery::lastResult));

    assertThat(results)
        .containsEntry(
            delivered,
            Optional.of(new LastResult(Outcome.Code.DELIVERED, Optional.of(204), Optional.empty())))
        .containsEntry(retried, Optional.of(LastResult.of(timeout)))
        .containsEntry(open, Optional.empty());
    results.forEach(
        (id, result) -> assertThat(steps.details(id).delivery().lastResult()).isEqualTo(result));
  }

  @Test
  default void deliveries_of_a_run_and_of_an_account_are_filtered_by_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    DispatchSteps.on(fixture).deliverAllDue();
    DeliveryId second = fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(fixture.addWebhook(), run);
    Optional<WebhookId> id = Optional.of(webhook.id());
    Optional<WebhookId> unknown = Optional.of(fixture.newWebhookId());
    All all = new All();
    Optional<String> name = Optional.of(run.name());

    assertThat(list(fixture, DeliveryFilter.of(new OfRun(run, id)))).containsExactly(first);
    assertThat(list(fixture, DeliveryFilter.of(new OfRun(run, unknown)))).isEmpty();
    assertThat(list(fixture, ofAccount(fixture, all, Optional.empty(), id)))
        .containsExactly(second, first);
    assertThat(list(fixture, ofAccount(fixture, all, name, id))).containsExactly(first);
    assertThat(list(fixture, ofAccount(fixture, all, Optional.empty(), unknown))).isEmpty();
  }

  private static DeliveryFilter ofAccount(
      ContractFixture fixture,
      StackScope stackScope,
      Optional<String> run,
      Optional<WebhookId> webhook) {
    return DeliveryFilter.of(new OfAccount(fixture.account(), stackScope, run, webhook));
  }

  @Test
  default void pings_are_listed_unless_a_state_or_another_kind_is_given() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId delivery = fixture.addDelivery(webhook, run, RunState.PLANNING);
    DeliveryId delivered = ping(fixture, webhook);
    DispatchSteps.on(fixture).deliverAllDue();
    DeliveryId open = ping(fixture, webhook);
    ping(fixture, fixture.addWebhook());
    DeliveryFilter all = of(webhook);
    DeliveryFilter pings = all.withKind(Kind.PING);
    DeliveryFilter ofAccount = ofAccount(fixture, new StackScope.All(), Optional.empty());

    assertThat(list(fixture, all)).containsExactly(open, delivered, delivery);
    assertThat(list(fixture, all.withStatus(Status.PENDING))).containsExactly(open);
    assertThat(list(fixture, all.withState(RunState.PLANNING))).containsExactly(delivery);
    assertThat(list(fixture, all.withKind(Kind.RUN_STATE_CHANGED))).containsExactly(delivery);
    assertThat(list(fixture, pings)).containsExactly(open, delivered);
    assertThat(list(fixture, pings.withStatus(Status.PENDING))).containsExactly(open);
    assertThat(list(fixture, pings.withStatus(Status.DELIVERED))).containsExactly(delivered);
    assertThat(list(fixture, ofAccount.withKind(Kind.PING))).hasSize(3);
    assertThat(list(fixture, of(webhook, run.name()).withKind(Kind.PING))).isEmpty();
    assertThat(list(fixture, all.withKind(Kind.WEBHOOK_PAUSED))).isEmpty();
  }

  @Test
  default void deliveries_of_a_run_are_listed_for_one_webhook_and_for_all() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, fixture.addRun());
    ping(fixture, webhook);
    DeliveryId delivered = fixture.addDelivery(webhook, run, RunState.PLANNING);
    steps.deliverAllDue();
    DeliveryId open = fixture.addDelivery(webhook, run, RunState.FAILED);
    DeliveryId toOther = fixture.addDelivery(other, run, RunState.FAILED);
    DeliveryFilter ofRun = DeliveryFilter.of(new OfRun(run));

    assertThat(list(fixture, ofRun)).containsExactly(toOther, open, delivered);
    assertThat(list(fixture, ofRun.withStatus(Status.DELIVERED))).containsExactly(delivered);
    assertThat(list(fixture, ofRun.withState(RunState.FAILED))).containsExactly(toOther, open);
    assertThat(list(fixture, ofRun.withState(RunState.PLANNING))).containsExactly(delivered);
    assertThat(list(fixture, of(webhook, run.name()))).containsExactly(open, delivered);
    assertThat(list(fixture, of(webhook, "unknown"))).isEmpty();
  }

  @Test
  default void deliveries_of_an_account_are_limited_to_the_stack_scope() {
    ContractFixture otherAccount = ContractFixture.on(transactor());
    otherAccount.addDelivery(otherAccount.addWebhook(), otherAccount.addRun());
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    DispatchSteps.on(fixture).deliverAllDue();
    DeliveryId second = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    StackScope demo = new StackScope.Only(Set.of("demo", "none"));
    StackScope elsewhere = new StackScope.Only(Set.of("none"));

    assertThat(list(fixture, ofAccount(fixture, new StackScope.All(), Optional.empty())))
        .containsExactly(second, first);
    assertThat(list(fixture, ofAccount(fixture, demo, Optional.empty())))
        .containsExactly(second, first);
    assertThat(list(fixture, ofAccount(fixture, demo, Optional.of(run.name()))))
        .containsExactly(first);
    assertThat(list(fixture, ofAccount(fixture, elsewhere, Optional.empty()))).isEmpty();
    assertThat(list(fixture, ofAccount(fixture, new StackScope.Only(Set.of()), Optional.empty())))
        .isEmpty();
  }

  @Test
  default void deliveries_of_a_deleted_webhook_stay_listed() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId delivered = fixture.addDelivery(webhook, run);
    DispatchSteps.on(fixture).deliverAllDue();

    fixture.inTransaction(unit -> unit.webhooks().delete(webhook.stack(), webhook.id()));

    assertThat(list(fixture, of(webhook))).containsExactly(delivered);
    assertThat(list(fixture, DeliveryFilter.of(new OfRun(run)))).containsExactly(delivered);
    assertThat(list(fixture, ofAccount(fixture, new StackScope.All(), Optional.empty())))
        .containsExactly(delivered);
  }

  @Test
  default void deliveries_are_filtered_by_creation_time() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DeliveryId id = fixture.addDelivery(webhook, fixture.addRun());
    Instant created = DispatchSteps.on(fixture).details(id).delivery().createdAt();

    for (DeliveryFilter all : List.of(of(webhook), of(webhook).withState(RunState.PREPARING))) {
      assertThat(list(fixture, all.withFrom(created))).containsExactly(id);
      assertThat(list(fixture, all.withFrom(created.plusNanos(1)))).isEmpty();
      assertThat(list(fixture, all.withTo(created))).isEmpty();
      assertThat(list(fixture, all.withTo(created.plusNanos(1)))).containsExactly(id);
    }
    assertThat(list(fixture, of(webhook).withFrom(Instant.EPOCH.minusSeconds(1))))
        .containsExactly(id);
    assertThat(list(fixture, of(webhook).withTo(Instant.EPOCH.minusSeconds(1)))).isEmpty();
    assertThat(list(fixture, of(webhook).withTo(Instant.parse("9999-12-31T23:59:59.999Z"))))
        .containsExactly(id);
  }

  @Test
  default void deliveries_are_listed_newest_first_and_pages_neither_repeat_nor_skip_any() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    List<DeliveryFilter> ways =
        List.of(
            of(webhook),
            of(webhook).withState(RunState.PREPARING),
            of(webhook, run.name()),
            DeliveryFilter.of(new OfRun(run)),
            ofAccount(fixture, new StackScope.All(), Optional.empty()));
    List<DeliveryId> added = new ArrayList<>();
    IntStream.range(0, 5).forEach(ignored -> added.add(fixture.addDelivery(webhook, run)));

    for (DeliveryFilter all : ways) {
      assertThat(
              listAllPages(
                  fixture,
                  all,
                  () -> {
                    DispatchSteps.on(fixture).deliver(DispatchSteps.on(fixture).claim().getFirst());
                    fixture.addDelivery(webhook, run);
                  }))
          .isEqualTo(added.reversed());
      added.clear();
      added.addAll(list(fixture, of(webhook)).reversed());
    }
  }

  /// Lists all ids page by page and runs an action between two pages.
  private static List<DeliveryId> listAllPages(
      ContractFixture fixture, DeliveryFilter filter, Runnable between) {
    List<DeliveryId> seen = new ArrayList<>();
    Optional<PageRequest> request = Optional.of(new PageRequest(2, Optional.empty()));
    while (request.isPresent()) {
      PageRequest current = request.get();
      Page<Delivery> page = fixture.inTransaction(unit -> unit.deliveries().list(filter, current));
      page.items().forEach(item -> seen.add(item.id()));
      request = page.next().map(current::withAfter);
      between.run();
    }
    return seen;
  }

  private static DeliveryId ping(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(unit -> {
      var ping = fixture.newPing(unit, webhook);
      unit.append(JournalEntries.ofDeliveries(List.of(ping)), Duration.ZERO);
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
      ContractFixture fixture, StackScope stackScope, Optional<String> run) {
    return DeliveryFilter.of(new OfAccount(fixture.account(), stackScope, run));
  }

  private static List<DeliveryId> list(ContractFixture fixture, DeliveryFilter filter) {
    Page<Delivery> page =
        fixture.inTransaction(unit -> unit.deliveries().list(filter, PageRequest.first()));
    return page.items().stream().map(Delivery::id).toList();
  }
}
