package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.domain.account.TokenId;
import dev.runhook.http.server.RequestObserver.CompletedRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LoggingRequestObserverTest {
  private final Logger log = (Logger) LoggerFactory.getLogger("runhook.request");
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final List<CompletedRequest> counted = new ArrayList<>();
  private final LoggingRequestObserver observer = new LoggingRequestObserver(counted::add);

  @BeforeEach
  void listen() {
    events.start();
    log.addAppender(events);
    log.setLevel(Level.DEBUG);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(events);
    log.setLevel(null);
  }

  @ParameterizedTest
  @CsvSource({"200, 5, DEBUG", "404, 5, DEBUG", "200, 1500, INFO", "503, 5, INFO", "500, 5, WARN"})
  void the_level_depends_on_the_status_and_the_duration(int status, int millis, String level) {
    observer.onRequest(request(status, millis));

    assertThat(events.list).singleElement().extracting(ILoggingEvent::getLevel).hasToString(level);
  }

  @Test
  void a_successful_request_is_counted_but_not_logged_at_the_default_level() {
    log.setLevel(Level.INFO);

    observer.onRequest(request(201, 5));

    assertThat(events.list).isEmpty();
    assertThat(counted).hasSize(1);
  }

  @Test
  void sign_ins_are_logged_at_the_default_level() {
    observer.onRequest(request("/api/v1/session", 201, 5));

    assertThat(events.list)
        .singleElement()
        .extracting(ILoggingEvent::getLevel)
        .isEqualTo(Level.INFO);
  }

  @Test
  void key_value_pairs_are_top_level_json_fields() throws IOException {
    observer.onRequest(request(500, 5));

    JsonNode json = new ObjectMapper().readTree(encoder().encode(events.list.getFirst()));
    assertThat(json.path("log.logger").asText()).isEqualTo("runhook.request");
    assertThat(json.path("log.level").asText()).isEqualTo("WARN");
    assertThat(json.path("message").asText()).isEqualTo("request completed");
    assertThat(json.path("service.version").asText()).isEqualTo("1.2.3");
    assertThat(json.path("method").asText()).isEqualTo("POST");
    assertThat(json.path("route").asText()).isEqualTo("/api/v1/stacks/{stack}/runs");
    assertThat(json.path("status").isInt()).isTrue();
    assertThat(json.path("durationMs").asInt()).isEqualTo(5);
    assertThat(json.path("requestId").asText()).isEqualTo("a-request");
    assertThat(json.path("token").asText()).isEqualTo("ci");
    assertThat(json.path("tokenId").asText()).isEqualTo("00000000-0000-0000-0000-000000000007");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 503})
  void refused_requests_are_logged_with_the_address_up_to_a_limit(int status) {
    for (int i = 0; i < 500; i++) {
      observer.onRequest(request(status, 5));
    }

    assertThat(events.list.getFirst().getKeyValuePairs().toString()).contains("192.0.2.7");
    assertThat(events.list.stream().filter(event -> event.getLevel().equals(Level.INFO)))
        .hasSizeBetween(10, 50);
    assertThat(counted).hasSize(500);
  }

  private static Logging.KeyValueEcsEncoder encoder() {
    Logging.KeyValueEcsEncoder encoder = new Logging.KeyValueEcsEncoder("1.2.3");
    encoder.start();
    return encoder;
  }

  private static CompletedRequest request(int status, int millis) {
    return request("/api/v1/stacks/{stack}/runs", status, millis);
  }

  private static CompletedRequest request(String route, int status, int millis) {
    return new CompletedRequest(
        "POST",
        route,
        status,
        Duration.ofMillis(millis),
        "a-request",
        "192.0.2.7",
        Optional.of(new TokenId(new UUID(0, 7))),
        Optional.of("ci"));
  }
}
