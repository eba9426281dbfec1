package dev.runhook.spring;

import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.embedded.ObservedTransport;
import dev.runhook.embedded.Runhook;
import dev.runhook.embedded.RunhookMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Starts [Runhook] on the application's data source and provides its use cases as beans. The
/// journal joins Spring's transactions. Beans of the types [DispatchObserver] and [Transport] are
/// used, and a [Runhook] bean of the application replaces all of this. With
/// `runhook.enabled=false`, there are no beans.
@AutoConfiguration(
    afterName = {
      // Spring Boot 4
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
      // Spring Boot 3
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration"
    })
@ConditionalOnProperty(name = "runhook.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RunhookProperties.class)
public class RunhookAutoConfiguration {
  @Bean
  RunhookConfigurer runhookConfigurer(
      RunhookProperties properties,
      ObjectProvider<DispatchObserver> observers,
      ObjectProvider<Transport> transport,
      ObjectProvider<RunhookCustomizer> customizers) {
    return new RunhookConfigurer(properties, observers, transport, customizers);
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  @ConditionalOnSingleCandidate(DataSource.class)
  Runhook runhook(DataSource dataSource, RunhookConfigurer configurer) {
    Runhook.Builder builder =
        Runhook.on(dataSource)
            .joining(
                () -> SpringTransactions.findConnection(dataSource),
                SpringTransactions::afterCommit);
    return configurer.configure(builder).start();
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(Runhook.class)
  RunJournal runJournal(Runhook runhook) {
    return runhook.journal();
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(Runhook.class)
  WebhookAdmin webhookAdmin(Runhook runhook) {
    return runhook.webhooks();
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(Runhook.class)
  DeliveryAdmin deliveryAdmin(Runhook runhook) {
    return runhook.deliveries();
  }

  /// Metrics in the application's registry.
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class MetricsConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "runhookMetrics")
    @ConditionalOnBean(MeterRegistry.class)
    RunhookCustomizer runhookMetrics(MeterRegistry registry) {
      return runhook -> runhook.metrics(new RunhookMetrics(registry));
    }
  }

  /// Observations in the application's registry.
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ObservationRegistry.class)
  static class ObservationConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "runhookObservations")
    @ConditionalOnBean(ObservationRegistry.class)
    RunhookCustomizer runhookObservations(ObservationRegistry registry) {
      return runhook -> runhook.wrapTransport(next -> new ObservedTransport(next, registry));
    }
  }
}
