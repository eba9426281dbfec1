package dev.runhook.spring;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.embedded.Runhook;
import java.util.Optional;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/// Reports down while Runhook's store cannot be reached, and if this process must be restarted
/// because a loop has stopped. Receivers do not matter: transitions are recorded while a receiver
/// is unavailable.
@AutoConfiguration(after = RunhookAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(Runhook.class)
@ConditionalOnEnabledHealthIndicator("runhook")
public class RunhookHealthAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "runhookHealthIndicator")
  HealthIndicator runhookHealthIndicator(Runhook runhook) {
    return () -> health(runhook);
  }

  private static Health health(Runhook runhook) {
    try {
      runhook.transactor().inTransaction(unit -> unit.now());
      Optional<String> problem = runhook.supervisor().findProblem();
      return problem
          .map(text -> Health.down().withDetail("problem", text))
          .orElseGet(Health::up)
          .build();
    } catch (StoreUnavailableException e) {
      return Health.down(e).build();
    }
  }
}
