package com.example.deployments;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.events.EventExternalizationConfiguration;

/// Says which transitions the events of the application are.
@Configuration(proxyBeanMethods = false)
class ExternalEvents {
  @Bean
  static EventExternalizationConfiguration externalization(
      @Value("${runhook.account}") String account) {
    StackId stack = new StackId(new AccountId(account), "main");
    return EventExternalizationConfiguration.externalizing()
        .select(EventExternalizationConfiguration.annotatedAsExternalized())
        .mapping(
            DeploymentFinished.class,
            event -> TransitionReport.of(new RunId(stack, event.deployment()), RunState.FINISHED))
        .build();
  }
}
