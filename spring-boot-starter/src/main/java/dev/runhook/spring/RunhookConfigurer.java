package dev.runhook.spring;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.embedded.Runhook;
import org.springframework.beans.factory.ObjectProvider;

/// Applies the properties, observers, transport and customizers of the application to a builder.
/// The auto-configuration does this with its own; use it if you declare a `Runhook` bean.
public final class RunhookConfigurer {
  private final RunhookProperties properties;
  private final ObjectProvider<DispatchObserver> observers;
  private final ObjectProvider<Transport> transport;
  private final ObjectProvider<RunhookCustomizer> customizers;

  RunhookConfigurer(
      RunhookProperties properties,
      ObjectProvider<DispatchObserver> observers,
      ObjectProvider<Transport> transport,
      ObjectProvider<RunhookCustomizer> customizers) {
    this.properties = properties;
    this.observers = observers;
    this.transport = transport;
    this.customizers = customizers;
  }

  /// @return the same builder
  public Runhook.Builder configure(Runhook.Builder builder) {
    properties.applyTo(builder);
    observers.orderedStream().forEach(builder::observer);
    transport.ifUnique(builder::transport);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder;
  }
}
