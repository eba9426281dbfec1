package dev.runhook.bench.micro;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.bench.load.Dataset;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Renders an event in each format, and signs the payload.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventBenchmark {
  private static final Instant NOW = Instant.ofEpochSecond(1_764_000_000);

  private final Dataset dataset = new Dataset(1, 1, 1);
  private final JsonPayloadRenderer renderer = new JsonPayloadRenderer();
  private final Event event = event();
  private final byte[] payload = renderer.render(event).bytes();
  private final DeliveryContent content =
      new DeliveryContent(
          event.id(),
          event.kind(),
          Optional.empty(),
          renderer.render(event),
          Optional.empty(),
          Optional.empty());
  private final DeliverySettings template =
      DeliverySettings.defaults()
          .withTemplate("{\"text\": \"{{run.id}} of {{stack.id}} is {{state}}\"}");
  private final WebhookSigner withSha1 = new WebhookSigner(true);
  private final WebhookSigner withoutSha1 = new WebhookSigner(false);
  private final SigningKeys keys =
      SigningKeys.of(SigningSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

  private Event event() {
    Transition transition =
        new Transition(
            dataset.run(0),
            RunState.FINISHED,
            4,
            NOW,
            true,
            Optional.of(new Delta(1, 2, 3, 4)),
            Optional.of("17"));
    Run run =
        new Run(
            dataset.run(0),
            dataset.runDetails(),
            NOW,
            new RunProgress(RunState.FINISHED, 4),
            transition.delta());
    Stack stack = Stack.named(dataset.stack(0), "Networking");
    return new Event.RunStateChanged(
        new EventId(new UUID(1, 2)), stack, run, transition, Optional.empty(), Optional.empty());
  }

  @Benchmark
  public Payload render() {
    return renderer.render(event);
  }

  @Benchmark
  public Payload renderCloudEvent() {
    return renderAs(Format.CLOUDEVENTS);
  }

  @Benchmark
  public Payload renderForSlack() {
    return renderAs(Format.SLACK);
  }

  @Benchmark
  public Payload renderForTeams() {
    return renderAs(Format.MSTEAMS);
  }

  @Benchmark
  public Payload renderForPagerDuty() {
    return renderAs(Format.PAGERDUTY);
  }

  @Benchmark
  public Payload renderTemplate() {
    return renderer.render(content, template);
  }

  private Payload renderAs(Format format) {
    return renderer.render(content, DeliverySettings.defaults().withFormat(format));
  }

  @Benchmark
  public List<Header> sign() {
    return withSha1.signatureHeaders(keys, "0197a9f2-7c1e-7d3a-9a51-3f0b6f1f2a10", NOW, payload);
  }

  @Benchmark
  public List<Header> signWithoutSha1() {
    return withoutSha1.signatureHeaders(keys, "0197a9f2-7c1e-7d3a-9a51-3f0b6f1f2a10", NOW, payload);
  }
}
