package dev.runhook.spring;

import dev.runhook.embedded.Runhook;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/// The health of Runhook in Spring Boot 3.5, like [RunhookHealthAutoConfiguration].
@AutoConfiguration(after = RunhookAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(Runhook.class)
@ConditionalOnEnabledHealthIndicator("runhook")
public class RunhookHealthBoot3AutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "runhookHealthIndicator")
  HealthIndicator runhookHealthIndicator(Runhook runhook) {
    return () ->
        RunhookHealth.check(
            runhook,
            details -> Health.up().withDetails(details).build(),
            details -> Health.down().withDetails(details).build());
  }
}
