package com.example.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.embedded.Runhook;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Uses the adapters of the test kit: no database, no network, no threads, and a clock that the
/// tests set. A poll returns after all its requests have been sent.
class BuildServerTest {
  private final SettableClock clock = SettableClock.atNoon();
  private final InMemoryTransactor store = new InMemoryTransactor(clock);
  private final ScriptedTransport transport = new ScriptedTransport(store);
  private final Runhook runhook =
      Runhook.on(store)
          .transport(transport)
          .renderer(new PlainPayloadRenderer())
          .clock(clock, clock.ticker())
          .onCallingThread()
          .build();
  private final StackId stack = runhook.stack("main");
  private final InMemoryTransactions transactions = new InMemoryTransactions(store);
  private final BuildServer builds =
      new BuildServer(transactions, runhook.journal(), stack, runhook.dispatcher()::poll);

  @BeforeEach
  void createWebhook() {
    runhook
        .webhooks()
        .create(stack, CreateWebhookRequest.of(Samples.endpoint(1).text()), new Actor("the test"));
  }

  @Test
  void a_state_change_is_stored_and_sent() {
    builds.start("b1", "main", "0ee3f1c");

    builds.changeState("b1", RunState.FINISHED);

    assertThat(transactions.row("b1").state()).isEqualTo(RunState.FINISHED);
    assertThat(sentPayloads())
        .containsExactly(
            "{\"run\":\"b1\",\"state\":\"QUEUED\",\"stateVersion\":1}",
            "{\"run\":\"b1\",\"state\":\"FINISHED\",\"stateVersion\":2}");
  }

  @Test
  void a_refused_transition_leaves_the_row_unchanged() {
    builds.start("b1", "main", "0ee3f1c");
    builds.changeState("b1", RunState.FAILED);

    assertThatThrownBy(() -> builds.changeState("b1", RunState.FINISHED))
        .isInstanceOf(RefusedException.class);

    assertThat(transactions.row("b1").state()).isEqualTo(RunState.FAILED);
    assertThat(sentPayloads()).hasSize(2);
  }

  @Test
  void a_receiver_that_was_down_gets_the_delivery_later() {
    transport.enqueue(Samples.endpoint(1), Outcome.Responded.of(503));
    builds.start("b1", "main", "0ee3f1c");

    clock.advance(Duration.ofMinutes(1)); // the minimum delay after a 503
    runhook.dispatcher().poll();

    assertThat(sentPayloads()).hasSize(2).containsOnly(sentPayloads().getFirst());
  }

  private List<String> sentPayloads() {
    return transport.requests().stream()
        .map(SignedRequest::payload)
        .map(payload -> payload.text())
        .toList();
  }
}
