package dev.runhook.testkit.contract.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.AffectedWebhook;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Requirements for renderers of payloads.
@Contract
public interface PayloadRendererContract {
  PayloadRenderer renderer();

  @Test
  default void the_same_event_always_has_the_same_bytes() {
    Event event = runStateChanged(RunState.PLANNING);

    Payload first = renderer().render(event);
    Payload again = renderer().render(event);

    assertThat(again.text()).isEqualTo(first.text());
  }

  @Test
  default void the_payload_contains_the_state_of_the_run() {
    Payload planning = renderer().render(runStateChanged(RunState.PLANNING));
    Payload failed = renderer().render(runStateChanged(RunState.FAILED));

    assertThat(planning.text()).contains("PLANNING").doesNotContain("FAILED");
    assertThat(failed.text()).contains("FAILED").doesNotContain("PLANNING");
  }

  @Test
  default void a_test_event_has_the_payload_of_its_sample() {
    Event.RunStateChanged sample = runStateChanged(RunState.FAILED);

    Payload test = renderer().render(new Event.TestEvent(sample));

    assertThat(test.text()).isEqualTo(renderer().render(sample).text());
  }

  @Test
  default void a_ping_is_rendered() {
    Event.PingTarget target = new Event.PingTarget("w-1", "https://hooks.example.com/1");

    Payload ping =
        renderer().render(new Event.Ping(event(), Samples.stack(), Samples.NOON, target));

    assertThat(ping.length()).isPositive();
  }

  @Test
  default void an_operational_event_has_its_name_and_the_id_of_its_webhook() {
    AffectedWebhook webhook = new AffectedWebhook("w-1", "", "https://hooks.example.com");
    Details details = new Details.Resumed(Cause.RECEIVER, Optional.empty());

    Payload payload =
        renderer()
            .render(new OperationalEvent(event(), Samples.stack(), Samples.NOON, webhook, details));

    assertThat(payload.text()).contains("\"webhook_resumed\"", "\"w-1\"");
  }

  private static Event.RunStateChanged runStateChanged(RunState state) {
    RunId run = new RunId(Samples.DEMO, "run-1");
    return Samples.runStateChanged(
        event(), Samples.stack(), Samples.run(run, Samples.NOON), state, Samples.NOON);
  }

  private static EventId event() {
    return new EventId(new UUID(0x7000, 1L << 63));
  }
}
