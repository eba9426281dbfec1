package dev.runhook.embedded;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reports each request to Micrometer as the observation `runhook.attempt` with the key `outcome`.
/// The service must depend on Micrometer. Its span belongs to the trace of the report, if there is
/// one.
///
/// ```java
/// builder.wrapTransport(next -> new ObservedTransport(next, registry))
/// ```
public final class ObservedTransport implements Transport {
  private static final String OUTCOME = "outcome";

  private final Transport next;
  private final ObservationRegistry registry;

  /// @param next sends the requests
  public ObservedTransport(Transport next, ObservationRegistry registry) {
    this.next = next;
    this.registry = registry;
  }

  @Override
  public Outcome post(SignedRequest request) {
    return post(request, ignored -> {});
  }

  @Override
  public Outcome post(SignedRequest request, Consumer<Phase> onPhase) {
    // the receiver gets the trace of the report, so the request says which one it is
    ReceiverContext<SignedRequest> context =
        new ReceiverContext<>(ObservedTransport::find, Kind.CLIENT);
    context.setCarrier(request);
    Observation observation =
        Observation.createNotStarted("runhook.attempt", () -> context, registry)
            .contextualName("deliver")
            .lowCardinalityKeyValue(OUTCOME, "none");
    return observation.observe(() -> {
      Outcome outcome = next.post(request, onPhase);
      observation.lowCardinalityKeyValue(OUTCOME, outcome.code().name());
      return outcome;
    });
  }

  private static @Nullable String find(SignedRequest request, String header) {
    return request.headers().stream()
        .filter(each -> each.name().equalsIgnoreCase(header))
        .map(Header::value)
        .findFirst()
        .orElse(null);
  }
}
