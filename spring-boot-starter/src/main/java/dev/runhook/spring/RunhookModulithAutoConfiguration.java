package dev.runhook.spring;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.TransitionReport;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.events.EventExternalizationConfiguration;

/// Records events that the application externalizes with Spring Modulith and maps to a [NewRun] or
/// a [TransitionReport]. They are recorded in the transaction that publishes them, so Modulith's
/// own table of publications is not needed. All other events are left to Modulith's externalizers,
/// which run after the commit.
@AutoConfiguration(
    after = RunhookAutoConfiguration.class,
    afterName = "org.springframework.modulith.events.config.EventExternalizationAutoConfiguration")
@ConditionalOnClass(EventExternalizationConfiguration.class)
@ConditionalOnBean({RunJournal.class, EventExternalizationConfiguration.class})
public class RunhookModulithAutoConfiguration {
  @Bean
  ApplicationListener<?> runhookExternalizer(
      RunJournal journal, EventExternalizationConfiguration externalization) {
    return new Externalizer(journal, externalization);
  }

  /// A class, because Spring finds no type of event in a lambda expression.
  private record Externalizer(RunJournal journal, EventExternalizationConfiguration externalization)
      implements ApplicationListener<PayloadApplicationEvent<?>> {
    @Override
    public void onApplicationEvent(PayloadApplicationEvent<?> event) {
      Object payload = event.getPayload();
      if (!externalization.supports(payload)) {
        return;
      }
      switch (externalization.map(payload)) {
        case NewRun run -> journal.start(run);
        case TransitionReport report -> journal.record(report);
        default -> {
          // for another externalizer
        }
      }
    }
  }
}
