package dev.runhook.spring.test;

import dev.runhook.embedded.Runhook;
import dev.runhook.spring.RunhookAutoConfiguration;
import dev.runhook.spring.RunhookConfigurer;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Replaces the adapters last, so that no customizer makes a test send something.
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(RunhookAutoConfiguration.class)
class InMemoryRunhookConfiguration {
  private static final String NAME = "inMemoryRunhook";

  /// Removes the Runhook that the application itself declares, which would need a database.
  @Bean
  static BeanFactoryPostProcessor runhookReplacement() {
    return beans ->
        Stream.of(beans.getBeanNamesForType(Runhook.class, true, false))
            .filter(name -> !name.equals(NAME))
            .forEach(((BeanDefinitionRegistry) beans)::removeBeanDefinition);
  }

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

  @Bean(name = NAME, destroyMethod = "close")
  Runhook runhook(
      InMemoryTransactor store,
      ScriptedTransport transport,
      SettableClock clock,
      RunhookConfigurer configurer,
      ObjectProvider<DataSource> dataSource,
      ObjectProvider<Runhook> self) {
    return configurer
        .configure(Runhook.on(store))
        .transport(transport)
        .clock(clock, clock.ticker())
        .onCallingThread()
        .joining(
            new InMemorySpringTransactions(
                store, dataSource, () -> sendDueDeliveries(self.getObject())))
        .build();
  }

  private static void sendDueDeliveries(Runhook runhook) {
    boolean moreDue = runhook.sendsDeliveries();
    while (moreDue) {
      moreDue = runhook.dispatcher().poll().limitReached();
    }
  }
}
