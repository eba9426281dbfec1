package dev.runhook.systemtests.docs;

import static dev.runhook.domain.run.RunState.FINISHED;
import static dev.runhook.domain.run.RunState.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.diagnosis.receiver.ReceivedDelivery;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.embedded.Runhook;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runhook embedded in another program, in memory and in a single thread, so that each delivery has
/// ended when the call returns. With a data source and its own threads, it is the complete product.
class EmbeddingTest {
  private static final String SECRET = "It's a Secret to Everybody";

  private final List<ReceivedDelivery> deliveries = new ArrayList<>();

  @Test
  void a_host_program_records_transitions_and_its_receivers_get_them() {
    try (Receiver receiver = Receiver.start(0, SECRET, deliveries::add);
        Runhook runhook =
            Runhook.on(new InMemoryTransactor(InstantSource.system()))
                .allowedNetworks("127.0.0.0/8")
                .onCallingThread()
                .build()) {
      embed(runhook, receiver.url());
    }

    assertThat(deliveries)
        .extracting(delivery -> delivery.verification().isVerified())
        .containsExactly(true, true);
    assertThat(deliveries.getFirst().body()).contains("\"state\":\"QUEUED\",\"stateVersion\":1");
    assertThat(deliveries.getLast().body()).contains("\"state\":\"FINISHED\",\"stateVersion\":2");
  }

  private static void embed(Runhook runhook, String endpoint) {
    StackId stack = runhook.stack("networking");
    RunId run = new RunId(stack, "run-1");
    runhook.journal().register(Stack.named(stack, "Networking"));
    runhook
        .webhooks()
        .create(
            stack,
            CreateWebhookRequest.of(endpoint).withSecret(SigningSecret.parse(SECRET)),
            new Actor("setup"));
    runhook
        .journal()
        .start(
            NewRun.of(
                RunDetails.tracked("main", Commit.of("0ee3f1c")),
                TransitionReport.of(run, QUEUED)));
    runhook.journal().record(TransitionReport.of(run, FINISHED));
  }
}
