package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.spi.SkippedTransition;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Decision.Reason;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a store does with events.
@Promises
public interface EventsContract {
  Transactor transactor();

  @Test
  default void payload_bytes_come_back_identical() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    byte[] everyByte = new byte[256];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }
    Payload odd = Payload.of(everyByte);
    Payload text = Payload.of("{\"note\":\"Grüße, 你好, \\u0000, 🚀\", \"b\" : 1, \"a\":1.0}");
    Payload empty = Payload.of("");

    for (Payload payload : List.of(odd, text, empty)) {
      add(scene, webhook, payload);
    }

    List<Parcel> claimed = Claims.on(scene).claim();
    assertThat(claimed)
        .extracting(parcel -> parcel.letter().payload())
        .containsExactlyInAnyOrder(odd, text, empty);
    assertThat(claimed)
        .allSatisfy(parcel ->
            assertThat(Claims.on(scene).find(parcel.lease().delivery()).body().findPayload())
                .contains(parcel.letter().payload()));
  }

  @Test
  default void a_large_payload_comes_back_identical() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    Payload large = Payload.of("0123456789abcdef".repeat(65_536));

    add(scene, webhook, large);

    List<Parcel> claimed = Claims.on(scene).claim();
    assertThat(claimed).extracting(parcel -> parcel.letter().payload()).containsExactly(large);
  }

  @Test
  default void the_trace_of_an_event_comes_back_with_its_deliveries() {
    for (String state : List.of("", "vendor=1,other=a b")) {
      theTraceComesBack(state);
    }
  }

  @Test
  default void it_is_remembered_why_webhooks_did_not_hear_of_an_event() {
    Scene scene = Scene.on(transactor());
    RunId run = scene.run();
    Webhook hearer = scene.webhook();
    EventId event = scene.in(unit -> scene.move(unit, hearer, run).letter().event());
    EventId other = scene.in(unit -> scene.move(unit, hearer, run).letter().event());
    List<SkippedDelivery> skips =
        Stream.of(Reason.values())
            .map(reason ->
                new SkippedDelivery(event, scene.webhook().id(), reason, "says «" + reason + "»"))
            .toList();

    transactor()
        .run(unit -> {
          unit.events().addSkips(skips);
          unit.events()
              .addSkips(
                  List.of(
                      new SkippedDelivery(
                          other, skips.getFirst().webhook(), Reason.DISABLED, "is off")));
        });

    List<SkippedDelivery> found = scene.in(unit -> unit.events().skips(event));
    List<SkippedDelivery> none =
        scene.in(unit -> unit.events().skips(new EventId(new UUID(0x7000, 1L << 63))));
    assertThat(found).containsExactlyInAnyOrderElementsOf(skips);
    assertThat(scene.<List<SkippedTransition>>in(unit -> unit.events().skips(run)))
        .hasSize(skips.size() + 1)
        .last()
        .isEqualTo(new SkippedTransition(3, skips.getFirst().webhook(), "is off"));
    assertThat(none).isEmpty();
  }

  private void theTraceComesBack(String state) {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    EventId event = scene.newEventId();
    Optional<TraceContext> trace =
        TraceContext.parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", state);
    scene.in(unit -> {
      Run before = Objects.requireNonNull(unit.runs().findForUpdate(List.of(run)).get(run));
      RunMoved plain =
          Samples.moved(event, scene.stack(), before, RunState.PREPARING, before.createdAt());
      RunMoved moved =
          new RunMoved(plain.id(), plain.stack(), plain.run(), plain.transition(), trace);
      unit.runs().save(List.of(moved.run()), List.of());
      unit.runs().addTransitions(List.of(moved));
      NewDelivery delivery = scene.delivery(unit, webhook, moved, Payload.of("{}"));
      return unit.deliveries().add(List.of(delivery), Duration.ZERO);
    });

    Parcel claimed = Claims.on(scene).claim().getFirst();

    assertThat(trace).isPresent();
    assertThat(claimed.letter().trace()).isEqualTo(trace);
    assertThat(Claims.on(scene).find(claimed.lease().delivery()).trace()).isEqualTo(trace);
  }

  private static void add(Scene scene, Webhook webhook, Payload payload) {
    PingTarget target =
        new PingTarget(webhook.id().toString(), webhook.settings().endpoint().text());
    Ping ping = new Ping(scene.newEventId(), scene.stack(), scene.now(), target);
    scene.in(unit -> {
      NewDelivery delivery = scene.delivery(unit, webhook, ping, payload);
      return unit.deliveries().add(List.of(delivery), Duration.ZERO);
    });
  }
}
