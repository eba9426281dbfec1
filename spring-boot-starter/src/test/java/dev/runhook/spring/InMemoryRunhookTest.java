package dev.runhook.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import dev.runhook.spring.test.InMemoryRunhook;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;

/// A test of an application whose database cannot be reached.
@SpringBootTest(properties = "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none")
@InMemoryRunhook
class InMemoryRunhookTest {
  @Autowired private Runhook runhook;
  @Autowired private RunJournal journal;
  @Autowired private WebhookAdmin webhooks;
  @Autowired private ScriptedTransport transport;
  @Autowired private SettableClock clock;
  @Autowired private InMemoryTransactor store;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  @Test
  void nothing_is_stored_in_the_database_or_sent_over_the_network() {
    StackId stack = runhook.stack("main");
    journal.register(Stack.named(stack, "Main"));
    webhooks.create(
        stack, CreateWebhookRequest.of(Samples.endpoint(1).text()), new Actor("the test"));
    transport.enqueue(Samples.endpoint(1), Outcome.Responded.of(503));

    journal.start(
        NewRun.of(
            RunDetails.tracked("main", Commit.of("0ee3f1c")),
            TransitionReport.of(new RunId(stack, "b1"), RunState.QUEUED)));
    clock.advance(Duration.ofMinutes(1));
    runhook.dispatcher().poll();

    assertThat(transport.requests()).hasSize(2);
    assertThat(runhook.transactor()).isSameAs(store);
  }
}
