package dev.runhook.testkit.contract.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.runhook.application.spi.Events.SkippedTransition;
import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.JournalEntry.SkippedDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.AffectedWebhook;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for stores of events.
@Contract
public interface EventsContract {
  Transactor transactor();

  @Test
  default void payload_bytes_are_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    byte[] everyByte = new byte[256];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }
    Payload binary = Payload.of(everyByte);
    Payload text = Payload.of("{\"note\":\"Grüße, 你好, \\u0000, 🚀\", \"b\" : 1, \"a\":1.0}");
    Payload empty = Payload.of("");

    for (Payload payload : List.of(binary, text, empty)) {
      add(fixture, webhook, payload);
    }

    List<LeasedDelivery> claimed = DispatchSteps.on(fixture).claim();
    assertThat(claimed)
        .extracting(leased -> leased.content().payload())
        .containsExactlyInAnyOrder(binary, text, empty);
    assertThat(claimed)
        .allSatisfy(leased ->
            assertThat(
                    DispatchSteps.on(fixture)
                        .details(leased.lease().delivery())
                        .payload()
                        .findPayload())
                .contains(leased.content().payload()));
  }

  @Test
  default void a_large_payload_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Payload large = Payload.of("0123456789abcdef".repeat(65_536));

    add(fixture, webhook, large);

    List<LeasedDelivery> claimed = DispatchSteps.on(fixture).claim();
    assertThat(claimed).extracting(leased -> leased.content().payload()).containsExactly(large);
  }

  @Test
  default void deliveries_carry_the_trace_of_their_event() {
    for (String state : List.of("", "vendor=1,other=a b")) {
      checkTraceIsStored(state);
    }
  }

  @Test
  default void reasons_for_skipped_webhooks_are_stored() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId run = fixture.addRun();
    Webhook receiver = fixture.addWebhook();
    EventId event =
        fixture.inTransaction(
            unit -> fixture.recordTransition(unit, receiver, run).content().event());
    EventId other =
        fixture.inTransaction(
            unit -> fixture.recordTransition(unit, receiver, run).content().event());
    List<SkippedDelivery> skips =
        Stream.of(
                Code.SKIPPED_DISABLED.with(fixture.now(), "\"Ada\" {«\\»}, NULL"),
                Code.SKIPPED_STATE.with("FAILED, FINISHED", ""),
                Code.SKIPPED_DRIFT_DETECTION.with())
            .map(explanation -> new SkippedDelivery(event, fixture.addWebhook().id(), explanation))
            .toList();
    Explanation gone = Code.SKIPPED_DISABLED_BY_RECEIVER.with(fixture.now());

    transactor()
        .run(unit -> {
          unit.append(JournalEntries.ofSkipped(skips), Duration.ZERO);
          SkippedDelivery last = new SkippedDelivery(other, skips.getFirst().webhook(), gone);
          unit.append(JournalEntries.ofSkipped(List.of(last)), Duration.ZERO);
        });

    List<SkippedTransition> found =
        fixture.inTransaction(unit -> unit.events().findSkipped(run, List.of(1L, 2L, 3L)));
    List<SkippedTransition> ofThird =
        fixture.inTransaction(unit -> unit.events().findSkipped(run, List.of(3L)));
    List<SkippedTransition> none =
        fixture.inTransaction(unit ->
            unit.events().findSkipped(new RunId(fixture.stackId(), "other"), List.of(2L, 3L)));
    assertThat(found.subList(0, skips.size()))
        .containsExactlyInAnyOrderElementsOf(
            skips.stream()
                .map(skip -> new SkippedTransition(2, skip.webhook(), skip.explanation()))
                .toList());
    assertThat(found.subList(skips.size(), found.size()))
        .containsExactly(new SkippedTransition(3, skips.getFirst().webhook(), gone));
    assertThat(ofThird).isEqualTo(found.subList(skips.size(), found.size()));
    assertThat(none).isEmpty();
  }

  @Test
  default void a_recording_is_stored_as_a_whole() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    RunId run = fixture.addRun();
    EventId event = fixture.newEventId();
    SkippedDelivery skip =
        new SkippedDelivery(event, other.id(), Code.SKIPPED_DRIFT_DETECTION.with());

    List<LeasedDelivery> leased =
        fixture.inTransaction(unit -> {
          Run before = Objects.requireNonNull(unit.runs().findForUpdate(List.of(run)).get(run));
          RunStateChanged change =
              Samples.runStateChanged(
                  event, fixture.stack(), before, RunState.PREPARING, before.createdAt());
          RenderedEvent rendered = new RenderedEvent(change, Payload.of("{}"));
          DeliveryContent content = ContractFixture.contentOf(change, rendered.payload());
          NewDelivery added = new NewDelivery(fixture.newDeliveryId(unit), webhook, content, true);
          return unit.append(
              new JournalEntry(
                  List.of(change.run()), List.of(rendered), List.of(skip), List.of(added)),
              DispatchSteps.AN_HOUR);
        });
    steps.deliver(leased.getFirst());
    DeliveryId next = fixture.addDelivery(webhook, run);

    List<SkippedTransition> skipped =
        fixture.inTransaction(unit -> unit.events().findSkipped(run, List.of(2L)));
    assertThat(leased)
        .extracting(delivery -> delivery.content().event(), LeasedDelivery::webhook)
        .containsExactly(tuple(event, webhook));
    assertThat(skipped).containsExactly(new SkippedTransition(2, other.id(), skip.explanation()));
    assertThat(steps.details(next).delivery().transition())
        .contains(new TransitionRef(run.name(), RunState.PREPARING, 3, Optional.of(2L)));
  }

  private void checkTraceIsStored(String state) {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    EventId event = fixture.newEventId();
    Optional<TraceContext> trace =
        TraceContext.parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", state);
    fixture.inTransaction(unit -> {
      Run before = Objects.requireNonNull(unit.runs().findForUpdate(List.of(run)).get(run));
      RunStateChanged plain =
          Samples.runStateChanged(
              event, fixture.stack(), before, RunState.PREPARING, before.createdAt());
      RunStateChanged change =
          new RunStateChanged(
              plain.id(),
              plain.stack(),
              plain.run(),
              plain.transition(),
              plain.previousState(),
              trace);
      NewDelivery delivery = fixture.newDelivery(unit, webhook, change, Payload.of("{}"));
      return unit.append(JournalEntries.ofDeliveries(List.of(delivery)), Duration.ZERO);
    });

    LeasedDelivery claimed = DispatchSteps.on(fixture).claim().getFirst();

    assertThat(trace).isPresent();
    assertThat(claimed.content().trace()).isEqualTo(trace);
    assertThat(DispatchSteps.on(fixture).details(claimed.lease().delivery()).trace())
        .isEqualTo(trace);
  }

  @Test
  default void operational_events_of_all_kinds_are_delivered_without_a_run() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Instant now = fixture.now();
    List<Details> all =
        List.of(
            new Details.Paused(1, "error", now),
            new Details.Resumed(Cause.RECEIVER, Optional.empty()),
            new Details.Disabled(Cause.USER, Optional.of("Ada")),
            new Details.DeliveryFailed("d", Kind.PING, Optional.empty(), 1, "error"),
            new Details.SecretRotated(Optional.empty(), Optional.empty()),
            new Details.QueueLagging(now, Duration.ofMinutes(1)));

    for (Details details : all) {
      AffectedWebhook about =
          new AffectedWebhook(fixture.newWebhookId().toString(), "", "https://hooks.example.com");
      Event event =
          new OperationalEvent(fixture.newEventId(), fixture.stack(), now, about, details);
      fixture.inTransaction(unit -> {
        NewDelivery delivery = fixture.newDelivery(unit, webhook, event, Payload.of("{}"));
        return unit.append(JournalEntries.ofDeliveries(List.of(delivery)), Duration.ZERO);
      });
    }

    assertThat(DispatchSteps.on(fixture).claim())
        .allMatch(claimed -> claimed.content().transition().isEmpty())
        .extracting(claimed -> claimed.content().kind())
        .containsExactly(
            Kind.WEBHOOK_PAUSED,
            Kind.WEBHOOK_RESUMED,
            Kind.WEBHOOK_DISABLED,
            Kind.DELIVERY_FAILED,
            Kind.SECRET_ROTATED,
            Kind.QUEUE_LAGGING);
  }

  private static void add(ContractFixture fixture, Webhook webhook, Payload payload) {
    PingTarget target =
        new PingTarget(webhook.id().toString(), webhook.settings().endpoint().text());
    Ping ping = new Ping(fixture.newEventId(), fixture.stack(), fixture.now(), target);
    fixture.inTransaction(unit -> {
      NewDelivery delivery = fixture.newDelivery(unit, webhook, ping, payload);
      return unit.append(JournalEntries.ofDeliveries(List.of(delivery)), Duration.ZERO);
    });
  }
}
