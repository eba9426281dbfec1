package dev.runhook.application.webhook;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.webhook.Endpoint;
import java.util.Optional;

/// The limits of webhooks of stacks and accounts.
///
/// @param egressPolicy the endpoints that may be called
/// @param maxPerStack the maximum number of webhooks of a stack, and of account webhooks
/// @param maxPerAccount the maximum number of webhooks of all stacks of an account
/// @param renderer renders operational events, and decides which templates are valid
/// @param handoff is woken after a change, which can make deliveries due and cause operational
///   events
public record WebhookConfig(
    EgressPolicy egressPolicy,
    int maxPerStack,
    int maxPerAccount,
    PayloadRenderer renderer,
    DispatchHandoff handoff) {
  public WebhookConfig {
    if (maxPerStack < 1 || maxPerAccount < 1) {
      throw new IllegalArgumentException("at least one webhook must be allowed");
    }
  }

  /// Allows 100 webhooks on a stack and 10,000 in an account, and wakes no dispatcher.
  public static WebhookConfig of(EgressPolicy egressPolicy, PayloadRenderer renderer) {
    return new WebhookConfig(egressPolicy, 100, 10_000, renderer, DispatchHandoff.none());
  }

  public WebhookConfig withHandoff(DispatchHandoff handoff) {
    return new WebhookConfig(egressPolicy, maxPerStack, maxPerAccount, renderer, handoff);
  }

  /// Refuses a template that cannot render events.
  void checkTemplate(Optional<String> template) {
    Require.template(template, renderer::findTemplateError);
  }

  /// Returns the endpoint, or refuses it.
  Endpoint checked(String text) {
    return Require.endpoint(text, egressPolicy);
  }
}
