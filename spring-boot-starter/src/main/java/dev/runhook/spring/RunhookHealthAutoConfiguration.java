package dev.runhook.spring;

import dev.runhook.embedded.Runhook;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/// The health of Runhook in Spring Boot 4. In Spring Boot 3, whose classes have other packages,
/// [RunhookHealthBoot3AutoConfiguration] is used.
@AutoConfiguration(after = RunhookAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(Runhook.class)
@ConditionalOnEnabledHealthIndicator("runhook")
public class RunhookHealthAutoConfiguration {
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
