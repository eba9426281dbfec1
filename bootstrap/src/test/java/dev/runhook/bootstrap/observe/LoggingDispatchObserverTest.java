package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.Samples;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LoggingDispatchObserverTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final Health PAUSED =
      new Health.Paused(NOON, 10, NOON.plusSeconds(5), "the receiver responded with 500");
  private static final Health GONE = new Health.Disabled(NOON, Optional.empty());

  private final Logger log = (Logger) LoggerFactory.getLogger("runhook.webhook");
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final LoggingDispatchObserver observer = new LoggingDispatchObserver();

  @BeforeEach
  void listen() {
    events.start();
    log.addAppender(events);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(events);
  }

  @Test
  void a_pause_is_logged_as_one_event_with_both_states() {
    observer.reportHealthChange(webhook(Samples.failing(9)), webhook(PAUSED));

    assertThat(events.list).hasSize(1);
    assertThat(events.list.getFirst().getLevel()).isEqualTo(Level.WARN);
    assertThat(events.list.getFirst().getFormattedMessage()).startsWith("webhook paused");
    assertThat(values(events.list.getFirst()))
        .containsEntry("stack", "acme/demo")
        .containsEntry("webhook", new UUID(0, 7).toString())
        .containsEntry("endpoint", "https://example.com/hook")
        .containsEntry("from", "ACTIVE")
        .containsEntry("fromFailures", "9")
        .containsEntry("to", "PAUSED")
        .containsEntry("toFailures", "10")
        .containsEntry("toNextProbe", "2026-01-02T12:00:05Z")
        .containsEntry("toReason", "the receiver responded with 500");
  }

  @Test
  void recovering_disabling_and_enabling_are_logged_as_one_event_each() {
    observer.reportHealthChange(webhook(PAUSED), webhook(Health.healthy()));
    observer.reportHealthChange(webhook(Health.healthy()), webhook(GONE));
    observer.reportHealthChange(webhook(GONE), webhook(Health.healthy()));

    assertThat(events.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.INFO, Level.WARN, Level.INFO);
    assertThat(events.list)
        .extracting(event -> values(event).get("from") + " to " + values(event).get("to"))
        .containsExactly("PAUSED to ACTIVE", "ACTIVE to DISABLED", "DISABLED to ACTIVE");
  }

  @Test
  void a_failure_that_does_not_change_the_health_is_not_logged() {
    observer.reportHealthChange(webhook(Samples.failing(1)), webhook(Samples.failing(2)));

    assertThat(events.list).isEmpty();
  }

  @Test
  void events_contain_no_secret_and_no_query_of_an_endpoint() {
    observer.reportHealthChange(webhook(Health.healthy()), webhook(PAUSED));

    List<String> all = List.copyOf(values(events.list.getFirst()).values());
    assertThat(String.join(" ", all)).doesNotContain("hush").doesNotContain("key=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "the response is malformed: \"canary\" | the response is malformed: …",
        "the response is malformed: \"canary\"; respond with a status | the response is malformed:"
            + " …; respond with a status",
        "the response is malformed: \"a\" canary \"b\"; respond | the response is malformed: …;"
            + " respond",
        "the response is malformed: \"a\"; canary\" under radix 16 | the response is malformed: …",
        "the response is malformed: \"a\"; canary\" | the response is malformed: …",
        "the response is malformed: \"a\"; canary… | the response is malformed: …",
        "the response is malformed: \"canary | the response is malformed: …",
        "the response is malformed: \"a\" canary | the response is malformed: …",
        "could not connect to example.com; check firewalls | could not connect to example.com;"
            + " check firewalls",
      })
  void quotations_from_the_receiver_are_removed_and_advice_is_kept(String reason, String logged) {
    observer.reportHealthChange(
        webhook(Health.healthy()),
        webhook(new Health.Paused(NOON, 10, NOON.plusSeconds(5), reason)));

    assertThat(values(events.list.getFirst())).containsEntry("toReason", logged);
  }

  private static Map<String, String> values(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
  }

  private static Webhook webhook(Health health) {
    return new Webhook(
        new WebhookId(new UUID(0, 7)),
        new StackId(new AccountId("acme"), "demo"),
        WebhookSettings.of(Endpoint.ofStored("https://example.com/hook?key=123")),
        1,
        SigningKeys.of(SigningSecret.parse("hush")),
        health,
        NOON,
        NOON);
  }
}
