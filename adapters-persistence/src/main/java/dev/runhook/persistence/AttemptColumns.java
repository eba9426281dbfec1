package dev.runhook.persistence;

import dev.runhook.application.spi.Settlement;
import dev.runhook.domain.delivery.Answer;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Imprint;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Attempts as what is bound to a statement.
final class AttemptColumns {
  private AttemptColumns() {}

  static Columns<Settlement> of(Collection<Settlement> settlements) {
    return Columns.of(settlements)
        .instants("started", settlement -> settlement.attempt().startedAt())
        .longs("took", settlement -> settlement.attempt().took().toNanos())
        .texts("outcomes", settlement -> name(settlement.attempt().outcome()))
        .texts("causes", settlement -> cause(settlement.attempt().outcome()))
        .texts("details", settlement -> detail(settlement.attempt().outcome()))
        .longs("codes", settlement -> ofAnswer(settlement, answer -> (long) answer.status()))
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
                ofAnswer(settlement, answer -> answer.bodyStart().getBytes(StandardCharsets.UTF_8)))
        .longs("revisions", settlement -> ofImprint(settlement, left -> (long) left.revision()))
        .texts("agents", settlement -> ofImprint(settlement, Imprint::userAgent))
        .bytes("signatures", settlement -> ofImprint(settlement, left -> left.signed().bytes()))
        .texts("waits", settlement -> wait(settlement.fate()))
        .booleans("truncated", settlement -> ofAnswer(settlement, Answer::truncated));
  }

  private static @Nullable String wait(Fate fate) {
    return fate instanceof Fate.Retried(_, var why) ? why.map(Texts::fit).orElse(null) : null;
  }

  private static String name(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered _ -> "ANSWERED";
      case Outcome.Unanswered _ -> "UNANSWERED";
      case Outcome.Refused _ -> "REFUSED";
      case Outcome.Faulted _ -> "FAULTED";
    };
  }

  private static @Nullable String cause(Outcome outcome) {
    return outcome instanceof Outcome.Unanswered unanswered ? unanswered.cause().name() : null;
  }

  private static @Nullable String detail(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered _ -> null;
      case Outcome.Unanswered unanswered -> Texts.fit(unanswered.detail());
      case Outcome.Refused refused -> Texts.fit(refused.rule());
      case Outcome.Faulted faulted -> Texts.fit(faulted.detail());
    };
  }

  private static @Nullable Long retryAfter(Outcome outcome) {
    Optional<Long> millis =
        outcome instanceof Outcome.Answered answered
            ? answered.retryAfter().map(Moments::millis)
            : Optional.empty();
    return millis.orElse(null);
  }

  private static <V> @Nullable V ofAnswer(Settlement settlement, Function<Answer, V> part) {
    return settlement.attempt().outcome() instanceof Outcome.Answered answered
        ? part.apply(answered.answer())
        : null;
  }

  private static <V> @Nullable V ofImprint(Settlement settlement, Function<Imprint, V> part) {
    return settlement.attempt().imprint().map(part).orElse(null);
  }

  private static List<String> texts(Answer answer, Function<Header, String> part) {
    return answer.headers().stream().map(part).map(Texts::fit).toList();
  }
}
