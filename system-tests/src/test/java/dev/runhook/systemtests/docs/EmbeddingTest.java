package dev.runhook.systemtests.docs;

import static dev.runhook.domain.run.RunState.FINISHED;
import static dev.runhook.domain.run.RunState.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.Receiver;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runhook embedded in another program, in memory and in a single thread, so that each delivery has
/// ended when the call returns. With `JdbiTransactor` and a thread pool, it is the complete
/// product.
class EmbeddingTest {
  private static final String SECRET = "It's a Secret to Everybody";

  private final InstantSource clock = InstantSource.system();
  private final IdGenerator ids = new SequentialIdGenerator(clock);
  private final SecureRandom random = new SecureRandom();
  private final EgressPolicy policy = new EgressPolicy(List.of(Network.parse("127.0.0.0/8")));
  private final List<ReceivedDelivery> deliveries = new ArrayList<>();

  @Test
  void a_host_program_records_transitions_and_its_receivers_get_them() {
    try (Receiver receiver = Receiver.start(0, SECRET, deliveries::add);
        HttpTransport transport = new HttpTransport(TransportSettings.of(policy), clock)) {
      Dispatcher.DeliveryTransport deliveryTransport =
          new Dispatcher.DeliveryTransport(
              new JsonPayloadRenderer(), requests(), transport, new DispatchObserver() {});

      embed(deliveryTransport, receiver.url());
    }

    assertThat(deliveries)
        .extracting(delivery -> delivery.verification().isVerified())
        .containsExactly(true, true);
    assertThat(deliveries.getFirst().body()).contains("\"state\":\"QUEUED\",\"stateVersion\":1");
    assertThat(deliveries.getLast().body()).contains("\"state\":\"FINISHED\",\"stateVersion\":2");
  }

  private void embed(Dispatcher.DeliveryTransport deliveryTransport, String endpoint) {
    Transactor store = new InMemoryTransactor(clock);
    Dispatcher dispatcher =
        new Dispatcher(
            store,
            deliveryTransport,
            dispatchConfig(),
            dispatchContext(),
            new OperationalEvents(new JsonPayloadRenderer(), ids));
    RunJournal journal =
        new RunJournal(store, recordingDependencies(), dispatcher.handoff(), Runnable::run);
    WebhookAdmin webhooks =
        new WebhookAdmin(
            store, WebhookConfig.of(policy, new JsonPayloadRenderer()), ids, clock, random);

    StackId stack = new StackId(new AccountId("acme"), "networking");
    RunId run = new RunId(stack, "run-1");
    journal.register(Stack.named(stack, "Networking"));
    webhooks.create(
        stack,
        CreateWebhookRequest.of(endpoint).withSecret(SigningSecret.parse(SECRET)),
        new Actor("setup"));
    journal.start(
        NewRun.of(
            RunDetails.tracked("main", Commit.of("0ee3f1c")), TransitionReport.of(run, QUEUED)));
    journal.record(TransitionReport.of(run, FINISHED));
  }

  private static RequestFactory requests() {
    return new RequestFactory(new WebhookSigner(true), "Runhook/embedded", dispatchConfig());
  }

  private RunJournal.Dependencies recordingDependencies() {
    return new RunJournal.Dependencies(new JsonPayloadRenderer(), ids, clock);
  }

  private static DispatchConfig dispatchConfig() {
    List<Duration> delays = List.of(Duration.ofSeconds(5), Duration.ofSeconds(30));
    return DispatchConfig.of(
        new RetrySchedule(delays), new PausePolicy(10, delays), Duration.ofSeconds(10));
  }

  private Dispatcher.DispatchContext dispatchContext() {
    return new Dispatcher.DispatchContext(clock, System::nanoTime, random, Runnable::run);
  }
}
