package dev.runhook.testkit.memory;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.query.StackFilter;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.Stack;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Evaluates filters.
final class Filters {
  private Filters() {}

  static boolean matches(RunFilter filter, Run run) {
    return filter.state().map(run.progress().state()::equals).orElse(true)
        && filter.type().map(run.details().type()::equals).orElse(true)
        && filter.branch().map(run.details().branch()::equals).orElse(true)
        && filter.namePrefix().map(run.id().name()::startsWith).orElse(true)
        && filter.from().map(start -> !run.createdAt().isBefore(start)).orElse(true)
        && filter.to().map(run.createdAt()::isBefore).orElse(true);
  }

  static boolean matches(StackFilter filter, Stack stack) {
    return filter
            .search()
            .map(part -> searchedTexts(stack).anyMatch(text -> contains(text, part)))
            .orElse(true)
        && stack.labels().containsAll(filter.labels());
  }

  private static Stream<String> searchedTexts(Stack stack) {
    Stream<String> texts = Stream.of(stack.id().slug(), stack.name(), stack.description());
    return Stream.of(texts, stack.repository().stream(), stack.labels().stream())
        .flatMap(Function.identity());
  }

  private static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part);
  }

  static boolean matches(DeliveryFilter filter, DeliveryRow row) {
    return matches(filter, row.toDelivery())
        && (!filter.dependsOnAttempts()
            || (!row.state().completedAttempts().isEmpty()
                && matches(filter, row.state().completedAttempts().getLast().outcome())));
  }

  private static boolean matches(DeliveryFilter filter, Outcome latest) {
    return filter.outcome().map(latest.code()::equals).orElse(true)
        && filter
            .statusCode()
            .map(code ->
                latest instanceof Outcome.Responded(ReceiverResponse response, var ignored)
                    && response.status() == code)
            .orElse(true);
  }

  private static boolean matches(DeliveryFilter filter, Delivery delivery) {
    Instant created = delivery.createdAt();
    return isIn(filter.scope(), delivery)
        && filter.statuses().contains(delivery.status())
        && filter
            .state()
            .map(state ->
                delivery
                    .transition()
                    .filter(transitionRef -> transitionRef.state() == state)
                    .isPresent())
            .orElse(true)
        && filter.kind().map(delivery.kind()::equals).orElse(true)
        && filter.from().map(from -> !created.isBefore(from)).orElse(true)
        && filter.to().map(created::isBefore).orElse(true);
  }

  private static boolean isIn(DeliveryScope scope, Delivery delivery) {
    return delivery.stack().account().equals(scope.account())
        && switch (scope) {
          case DeliveryScope.OfWebhook(var stack, var webhook, var run) ->
              delivery.stack().equals(stack)
                  && delivery.webhook().equals(webhook)
                  && isOf(run, delivery);
          case DeliveryScope.OfRun(var run, var webhook) ->
              delivery.stack().equals(run.stack())
                  && isOf(Optional.of(run.name()), delivery)
                  && webhook.map(delivery.webhook()::equals).orElse(true);
          case DeliveryScope.OfAccount(var ignored, var stackScope, var run, var webhook) ->
              stackScope.includes(delivery.stack().slug())
                  && isOf(run, delivery)
                  && webhook.map(delivery.webhook()::equals).orElse(true);
        };
  }

  private static boolean isOf(Optional<String> run, Delivery delivery) {
    return run.isEmpty() || delivery.transition().map(Delivery.TransitionRef::run).equals(run);
  }
}
