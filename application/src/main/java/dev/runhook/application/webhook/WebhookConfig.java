package dev.runhook.application.webhook;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.setting.SettingsPatch;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// The limits of webhooks of stacks and accounts.
///
/// @param egressPolicy the endpoints that may be called
/// @param maxPerStack the maximum number of webhooks of a stack, and of account webhooks
/// @param maxPerAccount the maximum number of webhooks of all stacks of an account
/// @param maxTimeout the maximum timeout of a webhook
/// @param renderer renders operational events, and decides which templates are valid
/// @param handoff is woken after a change, which can make deliveries due and cause operational
///   events
public record WebhookConfig(
    EgressPolicy egressPolicy,
    int maxPerStack,
    int maxPerAccount,
    Duration maxTimeout,
    PayloadRenderer renderer,
    DispatchHandoff handoff) {
  public WebhookConfig {
    if (maxPerStack < 1 || maxPerAccount < 1) {
      throw new IllegalArgumentException("at least one webhook must be allowed");
    }
  }

  /// Allows 100 webhooks on a stack, 10,000 in an account and timeouts of up to 30 seconds, and
  /// wakes no dispatcher.
  public static WebhookConfig of(EgressPolicy egressPolicy, PayloadRenderer renderer) {
    return new WebhookConfig(
        egressPolicy,
        100,
        10_000,
        DispatchConfig.DEFAULT_MAX_TIMEOUT,
        renderer,
        DispatchHandoff.none());
  }

  public WebhookConfig withHandoff(DispatchHandoff handoff) {
    return new WebhookConfig(
        egressPolicy, maxPerStack, maxPerAccount, maxTimeout, renderer, handoff);
  }

  public WebhookConfig withMaxTimeout(Duration maxTimeout) {
    return new WebhookConfig(
        egressPolicy, maxPerStack, maxPerAccount, maxTimeout, renderer, handoff);
  }

  /// Refuses a template that cannot render events, and a timeout that is too long.
  void check(DeliverySettings settings) {
    check(settings.template(), settings.timeout());
  }

  /// Refuses the new values like the other method. Values that stay as they are were allowed once.
  void check(SettingsPatch patch) {
    check(
        patch.find(WebhookSetting.TEMPLATE).flatMap(Function.identity()),
        patch.find(WebhookSetting.TIMEOUT).flatMap(Function.identity()));
  }

  private void check(Optional<String> template, Optional<Duration> timeout) {
    Require.template(template, renderer::findTemplateError);
    if (timeout.filter(it -> it.compareTo(maxTimeout) > 0).isPresent()) {
      throw new RefusedException(new Refusal.TimeoutTooLong(maxTimeout));
    }
  }

  /// Returns the endpoint, or refuses it.
  Endpoint checked(String text) {
    return Require.endpoint(text, egressPolicy);
  }
}
