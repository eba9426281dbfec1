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
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
      new Health.Paused(NOON, 10, NOON.plusSeconds(5), "the receiver answered 500");
  private static final Health GONE = new Health.Disabled(NOON, "the receiver answered 410 Gone");

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
  void a_pause_is_one_event_with_all_that_is_known() {
    observer.reportHealthChange(webhook(new Health.Active(9)), webhook(PAUSED));

    assertThat(events.list).hasSize(1);
    assertThat(events.list.getFirst().getLevel()).isEqualTo(Level.WARN);
    assertThat(events.list.getFirst().getFormattedMessage()).startsWith("webhook paused");
    assertThat(values(events.list.getFirst()))
        .containsEntry("stack", "acme/demo")
        .containsEntry("webhook", new UUID(0, 7).toString())
        .containsEntry("endpoint", "https://example.com/hook")
        .containsEntry("was", "ACTIVE")
        .containsEntry("wasFailures", "9")
        .containsEntry("is", "PAUSED")
        .containsEntry("isFailures", "10")
        .containsEntry("isNextProbe", "2026-01-02T12:00:05Z")
        .containsEntry("isReason", "the receiver answered 500");
  }

  @Test
  void recovering_disabling_and_enabling_are_one_event_each() {
    observer.reportHealthChange(webhook(PAUSED), webhook(Health.healthy()));
    observer.reportHealthChange(webhook(Health.healthy()), webhook(GONE));
    observer.reportHealthChange(webhook(GONE), webhook(Health.healthy()));

    assertThat(events.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.INFO, Level.WARN, Level.INFO);
    assertThat(events.list)
        .extracting(event -> values(event).get("was") + " to " + values(event).get("is"))
        .containsExactly("PAUSED to ACTIVE", "ACTIVE to DISABLED", "DISABLED to ACTIVE");
  }

  @Test
  void another_failure_is_told_by_its_attempt_alone() {
    observer.reportHealthChange(webhook(new Health.Active(1)), webhook(new Health.Active(2)));

    assertThat(events.list).isEmpty();
  }

  @Test
  void no_event_has_a_secret_or_the_query_of_an_endpoint() {
    observer.reportHealthChange(webhook(Health.healthy()), webhook(PAUSED));

    List<String> all = List.copyOf(values(events.list.getFirst()).values());
    assertThat(String.join(" ", all)).doesNotContain("hush").doesNotContain("key=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "the answer is odd: \"canary\" | the answer is odd: …",
        "the answer is odd: \"canary\"; answer with a status | the answer is odd: …; answer with a status",
        "the answer is odd: \"a\" canary \"b\"; answer | the answer is odd: …; answer",
        "the answer is odd: \"a\"; canary\" under radix 16 | the answer is odd: …",
        "the answer is odd: \"a\"; canary\" | the answer is odd: …",
        "the answer is odd: \"a\"; canary… | the answer is odd: …",
        "the answer is odd: \"canary | the answer is odd: …",
        "the answer is odd: \"a\" canary | the answer is odd: …",
        "no connection to example.com; check firewalls | no connection to example.com; check firewalls",
      })
  void what_a_receiver_is_quoted_with_is_left_out_and_what_is_ours_stays(
      String reason, String logged) {
    observer.reportHealthChange(
        webhook(Health.healthy()),
        webhook(new Health.Paused(NOON, 10, NOON.plusSeconds(5), reason)));

    assertThat(values(events.list.getFirst())).containsEntry("isReason", logged);
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
