package dev.runhook.diagnosis.certification;

import static dev.runhook.diagnosis.certification.SampleRequest.SHA1;
import static dev.runhook.diagnosis.certification.SampleRequest.STANDARD;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Requests that a receiver must all accept, or all refuse.
///
/// @param sent what the requests are, in the plural
/// @param fix what the receiver must do
record Trial(
    String name, Expectation expected, String sent, String fix, List<SampleRequest> requests) {
  static final String NOT_ACCEPTED = "the signed request was not accepted";

  private static final Duration TOO_FAR = Duration.ofMinutes(10);
  private static final int SIGNATURE_START = 12;
  private static final int KILO = 1000;

  enum Expectation {
    ACCEPTED,
    REFUSED,
    /// A receiver that verifies only the body cannot refuse them.
    REFUSED_BY_TIME
  }

  /// Returns all trials, in the order in which they make sense to a reader.
  ///
  /// @param received a delivery that the receiver has accepted
  static List<Trial> all(CertificationRequests samples, SampleRequest received) {
    SampleRequest repeated = samples.delivery();
    SampleRequest largest = samples.largest();
    return List.of(
        refused(
            "refuses-unsigned",
            "requests without a signature",
            "require webhook-signature",
            samples.delivery().without(SampleRequest::isSignature)),
        refused(
            "refuses-incomplete-signatures",
            "requests with only the start of a signature",
            "require that the whole signature is equal",
            samples
                .delivery()
                .withValues(SampleRequest::isSignature, it -> it.substring(0, SIGNATURE_START)),
            samples
                .delivery()
                .withValues(SampleRequest::isSignature, it -> it.replaceFirst("(?<=[,=]).*", ""))),
        refused(
            "refuses-changed-bodies",
            "requests whose body was changed",
            "require that the signature matches the body of the same request",
            received.withText(CertificationRequests::withAnotherState),
            samples.delivery().withText(CertificationRequests::withAnotherEnd)),
        new Trial(
            "refuses-old-requests",
            Expectation.REFUSED_BY_TIME,
            "recorded requests that are sent again ten minutes later",
            "require that webhook-timestamp is within five minutes of the current time",
            List.of(samples.deliveryAfter(TOO_FAR.negated()))),
        new Trial(
            "refuses-future-requests",
            Expectation.REFUSED_BY_TIME,
            "requests that are ten minutes ahead of its clock",
            "require that webhook-timestamp is within five minutes of the current time",
            List.of(samples.deliveryAfter(TOO_FAR))),
        accepted(
            "accepts-duplicates",
            "an event that it already has",
            "respond with 2xx to a known webhook-id, or Runhook sends the event again until it fails",
            repeated,
            repeated.withValues(SampleRequest.ATTEMPT::equals, ignored -> "2")),
        accepted(
            "accepts-any-order",
            "a state that is older than the last one",
            "respond with 2xx and keep the newer stateVersion",
            samples.version(9),
            samples.version(3)),
        accepted(
            "accepts-rotated-secrets",
            "a webhook-signature with a second signature, as after a rotation",
            "split webhook-signature at spaces, and accept the request if any signature matches",
            samples
                .delivery()
                .withValues(STANDARD::equals, it -> samples.otherSignature() + " " + it),
            samples
                .delivery()
                .withValues(STANDARD::equals, it -> it + " " + samples.otherSignature())),
        accepted(
            "accepts-any-header-case",
            "headers whose names are in upper or lower case",
            "ignore the case of names: HTTP/2 and proxies change it",
            samples.delivery().withNames(name -> name.toUpperCase(Locale.ROOT)),
            samples.delivery().withNames(name -> name.toLowerCase(Locale.ROOT))),
        accepted(
            "accepts-requests-without-sha1",
            "requests without X-Signature, which operators can switch off",
            "verify webhook-signature instead",
            samples.delivery().without(SHA1::equals)),
        accepted(
            "accepts-pings",
            "a ping, which has neither a run nor a state",
            "look for the key event, and respond with 2xx",
            samples.ping()),
        accepted(
            "accepts-absent-values",
            "an event whose optional values are null",
            "allow null for delta, triggeredBy, commit.authorLogin, commit.timestamp and commit.url",
            samples.absentValues()),
        accepted(
            "accepts-unknown-fields",
            "an event with fields that it does not know",
            "ignore unknown fields, because later versions may add some",
            samples.unknownFields()),
        accepted(
            "accepts-unicode",
            "text that other programs encode in another way",
            "verify the raw bytes of the body before anything decodes, parses or serializes them",
            samples.unicode()),
        accepted(
            "accepts-large-bodies",
            "a body of %d kB, the largest of Runhook".formatted(largest.body().length() / KILO),
            "raise the limit for bodies of the framework and of the proxies before it",
            largest));
  }

  private static Trial accepted(String name, String sent, String fix, SampleRequest... requests) {
    return new Trial(name, Expectation.ACCEPTED, sent, fix, List.of(requests));
  }

  private static Trial refused(String name, String sent, String fix, SampleRequest... requests) {
    return new Trial(name, Expectation.REFUSED, sent, fix, List.of(requests));
  }

  /// @param isAccepted whether the receiver accepts an ordinary delivery
  /// @param isVerified whether it refuses a forged one
  /// @param coversTime whether the signature that it verifies covers the id and the time
  Optional<String> reasonToSkip(boolean isAccepted, boolean isVerified, boolean coversTime) {
    if (!isAccepted) {
      return Optional.of(NOT_ACCEPTED);
    }
    return switch (expected) {
      case ACCEPTED -> Optional.empty();
      case REFUSED ->
          isVerified ? Optional.empty() : Optional.of("the forged request was not refused");
      case REFUSED_BY_TIME ->
          coversTime
              ? Optional.empty()
              : Optional.of(
                  "the receiver did not refuse a request with another webhook-id: only"
                      + " webhook-signature covers the id and the time");
    };
  }

  ReceiverCheck check(Outcome outcome) {
    return switch (expected) {
      case ACCEPTED ->
          outcome.isDelivered()
              ? ReceiverCheck.passed(name)
              : ReceiverCheck.findReasonToSkip(outcome)
                  .map(reason -> ReceiverCheck.skipped(name, reason))
                  .orElseGet(() -> refusal(outcome));
      case REFUSED, REFUSED_BY_TIME -> ReceiverCheck.ofRefusal(name, sent, fix, outcome);
    };
  }

  private ReceiverCheck refusal(Outcome outcome) {
    String response =
        outcome instanceof Outcome.Responded(var received, var ignored)
            ? "status " + received.status()
            : "no response";
    return ReceiverCheck.failed(
        name, "your receiver does not accept %s (%s); %s".formatted(sent, response, fix));
  }
}
