package dev.runhook.spring.test;

import dev.runhook.embedded.Runhook;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InMemoryRunhookConfiguration {
  @Bean
  SettableClock runhookClock() {
    return SettableClock.atNoon();
  }

  @Bean
  InMemoryTransactor runhookStore(SettableClock clock) {
    return new InMemoryTransactor(clock);
  }

  @Bean
  ScriptedTransport runhookTransport(InMemoryTransactor store) {
    return new ScriptedTransport(store);
  }

  @Bean(destroyMethod = "close")
  Runhook runhook(InMemoryTransactor store, ScriptedTransport transport, SettableClock clock) {
    return Runhook.on(store)
        .transport(transport)
        .clock(clock, clock.ticker())
        .executor(Runnable::run)
        .build();
  }
}
