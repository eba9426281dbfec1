package dev.runhook.spring;

import dev.runhook.embedded.Runhook;

/// Changes parts of Runhook for which there is no property, before it starts. Declare beans of this
/// type; they are applied in Spring's order.
@FunctionalInterface
public interface RunhookCustomizer {
  void customize(Runhook.Builder builder);
}
