package dev.runhook.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ObservedTransportTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final List<ReceiverContext<SignedRequest>> observed = new ArrayList<>();
  private final ObservationRegistry registry = ObservationRegistry.create();
  private final SettableClock clock = SettableClock.atNoon();
  private final InMemoryTransactor store = new InMemoryTransactor(clock);
  private final ScriptedTransport transport = new ScriptedTransport(store);
  private final Runhook runhook =
      Runhook.on(store)
          .transport(transport)
          .wrapTransport(next -> new ObservedTransport(next, registry))
          .clock(clock, clock.ticker())
          .onCallingThread()
          .build();

  /// Stands for one that creates spans.
  private final class Recorder implements ObservationHandler<ReceiverContext<SignedRequest>> {
    @Override
    public void onStop(ReceiverContext<SignedRequest> context) {
      observed.add(context);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return context instanceof ReceiverContext<?>;
    }
  }

  @Test
  void an_attempt_is_observed_with_its_outcome_in_the_trace_of_its_report() {
    registry.observationConfig().observationHandler(new Recorder());
    transport.enqueue(Samples.endpoint(1), Outcome.Responded.of(503));
    var stack = runhook.stack("main");
    runhook.journal().register(Stack.named(stack, "Main"));
    runhook
        .webhooks()
        .create(stack, CreateWebhookRequest.of(Samples.endpoint(1).text()), new Actor("the test"));

    runhook
        .journal()
        .start(
            NewRun.of(
                RunDetails.tracked("main", Commit.of("0ee3f1c")),
                TransitionReport.of(new RunId(stack, "r1"), RunState.QUEUED)
                    .withTrace(TraceContext.parse("00-" + TRACE + "-00f067aa0ba902b7-01", ""))));

    assertThat(observed).hasSize(1);
    ReceiverContext<SignedRequest> context = observed.getFirst();
    assertThat(context.getName()).isEqualTo("runhook.attempt");
    assertThat(context.getKind()).isEqualTo(Kind.CLIENT);
    assertThat(context.getLowCardinalityKeyValues())
        .containsExactly(KeyValue.of("outcome", "REJECTED"));
    SignedRequest request = Objects.requireNonNull(context.getCarrier());
    assertThat(context.getGetter().get(request, "traceparent")).contains(TRACE);
    assertThat(context.getGetter().get(request, "unknown")).isNull();
  }
}
