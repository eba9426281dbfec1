package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptedTransportTest {
  private static final SignedRequest REQUEST =
      new SignedRequest(
          Samples.ACME, Samples.endpoint(1), List.of(), Payload.of("{}"), Duration.ofSeconds(1));

  private final InMemoryTransactor store = new InMemoryTransactor(SettableClock.atNoon());

  @Test
  void a_scripted_transport_plays_its_script_and_then_the_default() {
    ScriptedTransport transport = new ScriptedTransport(store);
    transport
        .enqueue(REQUEST.endpoint(), Outcome.Responded.of(500))
        .respondByDefault(REQUEST.endpoint(), Outcome.Responded.of(204));

    List<Outcome> outcomes =
        List.of(transport.post(REQUEST), transport.post(REQUEST), transport.post(REQUEST));

    assertThat(outcomes)
        .containsExactly(
            Outcome.Responded.of(500), Outcome.Responded.of(204), Outcome.Responded.of(204));
    assertThat(transport.requests()).containsExactly(REQUEST, REQUEST, REQUEST);
  }

  @Test
  void a_scripted_transport_does_not_post_inside_a_transaction() {
    ScriptedTransport transport = new ScriptedTransport(store);

    assertThatIllegalStateException()
        .isThrownBy(() -> store.run(ignored -> transport.post(REQUEST)));
    assertThat(transport.requests()).isEmpty();
  }
}
