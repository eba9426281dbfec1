package dev.runhook.outbound.trace;

import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.trace.TraceContext;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What tracing systems are told of one attempt: the span whose id the receiver got in
/// `traceparent`, below the span that the event was reported in. Nothing of it is secret: no
/// payload, no header, of the endpoint host and port alone.
///
/// @param reported the span that the event was reported in
/// @param own that of the attempt
/// @param error what went wrong; empty where nothing did
record AttemptSpan(
    TraceContext parent,
    TraceContext context,
    String name,
    Instant startedAt,
    Instant endedAt,
    Map<String, Object> attributes,
    Optional<String> error) {
  private static final int SAMPLED = 1;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  /// Empty where nobody traces, or whoever does said that this trace is not recorded.
  static Optional<AttemptSpan> of(LeasedDelivery leasedDelivery, Attempt attempt) {
    return leasedDelivery
        .content()
        .trace()
        .filter(AttemptSpan::isSampled)
        .map(reported -> of(reported, leasedDelivery, attempt));
  }

  private static boolean isSampled(TraceContext trace) {
    return (Integer.parseInt(trace.flags(), 16) & SAMPLED) != 0;
  }

  private static AttemptSpan of(
      TraceContext reported, LeasedDelivery leasedDelivery, Attempt attempt) {
    Outcome outcome = attempt.outcome();
    return new AttemptSpan(
        reported,
        reported.forAttempt(leasedDelivery.lease().delivery().value(), attempt.number()),
        "deliver " + leasedDelivery.content().kind().wireName(),
        attempt.startedAt(),
        attempt.startedAt().plus(attempt.duration()),
        attributes(leasedDelivery, attempt),
        outcome.isDelivered() ? Optional.empty() : Optional.of(outcome.code().name()));
  }

  /// By the conventions for HTTP clients, and ours.
  private static Map<String, Object> attributes(LeasedDelivery leasedDelivery, Attempt attempt) {
    URI endpoint = leasedDelivery.webhook().settings().endpoint().uri();
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("http.request.method", "POST");
    attributes.put("http.request.resend_count", (long) attempt.number() - 1);
    attributes.put("server.address", endpoint.getHost());
    attributes.put("server.port", port(endpoint));
    if (attempt.outcome() instanceof Outcome.Responded(var receiverResponse, _)) {
      attributes.put("http.response.status_code", (long) receiverResponse.status());
    }
    if (!attempt.outcome().isDelivered()) {
      attributes.put("error.type", attempt.outcome().code().name());
    }
    attributes.put("runhook.delivery", leasedDelivery.lease().delivery().toString());
    attributes.put("runhook.event", leasedDelivery.content().event().toString());
    attributes.put("runhook.webhook", leasedDelivery.webhook().id().toString());
    attributes.put("runhook.stack", leasedDelivery.webhook().stack().toString());
    return attributes;
  }

  private static long port(URI endpoint) {
    if (endpoint.getPort() > 0) {
      return endpoint.getPort();
    }
    return "https".equalsIgnoreCase(endpoint.getScheme()) ? HTTPS : HTTP;
  }
}
