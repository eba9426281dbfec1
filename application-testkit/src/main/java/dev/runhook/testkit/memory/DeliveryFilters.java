package dev.runhook.testkit.memory;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import java.time.Instant;
import java.util.Optional;

/// Evaluates delivery filters.
final class DeliveryFilters {
  private DeliveryFilters() {}

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
