package dev.runhook.bootstrap;

import static dev.runhook.domain.run.RunState.FINISHED;
import static dev.runhook.domain.run.RunState.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Actor;
import dev.runhook.application.delivery.DispatchRules;
import dev.runhook.application.delivery.Dispatcher;
import dev.runhook.application.delivery.RequestFactory;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.bootstrap.receiver.Received;
import dev.runhook.bootstrap.receiver.Receiver;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunSubject;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Start;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.outbound.HttpTransport;
import dev.runhook.outbound.JsonPayloadRenderer;
import dev.runhook.outbound.TransportSettings;
import dev.runhook.testkit.CountingIds;
import dev.runhook.testkit.InMemoryTransactor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The example of the README, which quotes it, compiled and run: Runhook within a program of yours.
/// Here in memory and in one thread, so that all is over when the call returns; with
/// `JdbiTransactor` and a pool of threads it is the product.
class EmbeddingTest {
  private static final String SECRET = "It's a Secret to Everybody";

  private final InstantSource clock = InstantSource.system();
  private final IdSource ids = new CountingIds(clock);
  private final SecureRandom random = new SecureRandom();
  private final EgressPolicy policy = new EgressPolicy(List.of(Network.parse("127.0.0.0/8")));
  private final List<Received> arrivals = new ArrayList<>();

  @Test
  void a_host_program_records_transitions_and_its_receivers_hear_of_them() {
    try (Receiver receiver = Receiver.start(0, SECRET, arrivals::add);
        HttpTransport transport = new HttpTransport(TransportSettings.of(policy), clock)) {
      Dispatcher.Sender sender =
          new Dispatcher.Sender(requests(), transport, new DispatchObserver() {});

      embed(sender, receiver.url());
    }

    assertThat(arrivals)
        .extracting(arrival -> arrival.verification().isVerified())
        .containsExactly(true, true);
    assertThat(arrivals.getFirst().body()).contains("\"state\":\"QUEUED\",\"stateVersion\":1");
    assertThat(arrivals.getLast().body()).contains("\"state\":\"FINISHED\",\"stateVersion\":2");
  }

  private void embed(Dispatcher.Sender sender, String endpoint) {
    // README begin
    Transactor store =
        new InMemoryTransactor(clock); // on PostgreSQL: new JdbiTransactor(dataSource)
    Dispatcher dispatcher = Dispatcher.using(store, sender, rules(), surroundings());
    RunJournal journal = RunJournal.using(store, recorder(), dispatcher.intake(), Runnable::run);
    WebhookAdmin webhooks =
        WebhookAdmin.using(store, policy, new WebhookAdmin.Sources(ids, clock, random));

    StackId stack = new StackId(new AccountId("acme"), "networking");
    RunId run = new RunId(stack, "run-1");
    journal.register(Stack.named(stack, "Networking"));
    webhooks.create(
        stack, WebhookDraft.of(endpoint).secret(SigningSecret.parse(SECRET)), new Actor("setup"));
    journal.start(
        Start.of(RunSubject.tracked("main", Commit.of("0ee3f1c")), Report.of(run, QUEUED)));
    journal.record(
        Report.of(run, FINISHED)); // or, inside a transaction of yours: record(report, unit)
    // README end
  }

  private static RequestFactory requests() {
    return new RequestFactory(new Signatures(true), "Runhook/embedded", Duration.ofSeconds(10));
  }

  private RunJournal.Recorder recorder() {
    return new RunJournal.Recorder(new JsonPayloadRenderer(), ids, clock);
  }

  private static DispatchRules rules() {
    List<Duration> waits = List.of(Duration.ofSeconds(5), Duration.ofSeconds(30));
    return DispatchRules.of(
        new RetrySchedule(waits), new PausePolicy(10, waits), Duration.ofSeconds(10));
  }

  private Dispatcher.Surroundings surroundings() {
    return new Dispatcher.Surroundings(clock, System::nanoTime, random, Runnable::run);
  }
}
