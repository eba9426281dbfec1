package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.CompletedAttempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.delivery.RequestSnapshot;
import dev.runhook.domain.signing.Header;
import dev.runhook.persistence.jdbi.SqlText;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Attempts as what is bound to a statement.
final class AttemptBinder {
  private AttemptBinder() {}

  static UnnestParameters<CompletedAttempt> of(Collection<CompletedAttempt> settlements) {
    return UnnestParameters.of(settlements)
        .instants("started", completedAttempt -> completedAttempt.attempt().startedAt())
        .longs("took", settlement -> settlement.attempt().duration().toNanos())
        .texts("outcomes", settlement -> name(settlement.attempt().outcome()))
        .texts("causes", settlement -> cause(settlement.attempt().outcome()))
        .texts("details", settlement -> detail(settlement.attempt().outcome()))
        .longs(
            "codes",
            settlement ->
                ofAnswer(settlement, receiverResponse -> (long) receiverResponse.status()))
        .longs("retryAfter", settlement -> retryAfter(settlement.attempt().outcome()))
        .textArrays(
            "headerNames",
            settlement -> ofAnswer(settlement, answer -> texts(answer, Header::name)))
        .textArrays(
            "headerValues",
            settlement -> ofAnswer(settlement, answer -> texts(answer, Header::value)))
        .bytes(
            "bodies",
            settlement ->
                ofAnswer(
                    settlement, answer -> answer.bodyExcerpt().getBytes(StandardCharsets.UTF_8)))
        .longs("revisions", settlement -> ofImprint(settlement, left -> (long) left.revision()))
        .texts("agents", settlement -> ofImprint(settlement, RequestSnapshot::userAgent))
        .bytes("signatures", settlement -> ofImprint(settlement, left -> left.signatures().bytes()))
        .texts("waits", settlement -> wait(settlement.disposition()))
        .booleans("truncated", settlement -> ofAnswer(settlement, ReceiverResponse::truncated));
  }

  private static @Nullable String wait(Disposition disposition) {
    return disposition instanceof Disposition.Retry(_, var why)
        ? why.map(SqlText::replaceNul).orElse(null)
        : null;
  }

  private static String name(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Responded _ -> "RESPONDED";
      case Outcome.NoResponse _ -> "NO_RESPONSE";
      case Outcome.Blocked _ -> "BLOCKED";
      case Outcome.InternalError _ -> "INTERNAL_ERROR";
    };
  }

  private static @Nullable String cause(Outcome outcome) {
    return outcome instanceof Outcome.NoResponse noResponse ? noResponse.cause().name() : null;
  }

  private static @Nullable String detail(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Responded _ -> null;
      case Outcome.NoResponse noResponse -> SqlText.replaceNul(noResponse.detail());
      case Outcome.Blocked blocked -> SqlText.replaceNul(blocked.rule());
      case Outcome.InternalError internalError -> SqlText.replaceNul(internalError.detail());
    };
  }

  private static @Nullable Long retryAfter(Outcome outcome) {
    Optional<Long> millis =
        outcome instanceof Outcome.Responded responded
            ? responded.retryAfter().map(Timestamps::millis)
            : Optional.empty();
    return millis.orElse(null);
  }

  private static <V> @Nullable V ofAnswer(
      CompletedAttempt completedAttempt, Function<ReceiverResponse, V> part) {
    return completedAttempt.attempt().outcome() instanceof Outcome.Responded responded
        ? part.apply(responded.response())
        : null;
  }

  private static <V> @Nullable V ofImprint(
      CompletedAttempt completedAttempt, Function<RequestSnapshot, V> part) {
    return completedAttempt.attempt().request().map(part).orElse(null);
  }

  private static List<String> texts(
      ReceiverResponse receiverResponse, Function<Header, String> part) {
    return receiverResponse.headers().stream().map(part).map(SqlText::replaceNul).toList();
  }
}
