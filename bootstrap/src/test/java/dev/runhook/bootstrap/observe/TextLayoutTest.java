package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class TextLayoutTest {
  private final TextLayout layout = new TextLayout();

  @Test
  void an_event_is_one_line_of_fields() {
    String line = layout.doLayout(event("secret read", null, "name", "ci", "count", 3));

    assertThat(line)
        .isEqualTo("2026-03-14T12:00:00.005Z INFO  secret secret read name=\"ci\" count=\"3\"\n");
  }

  @Test
  void a_value_cannot_add_a_field_or_a_line() {
    String name = "a\" stack=\"beta/s1\\\n2026 ERROR \u2028\u202e\u001b[31m";

    String line = layout.doLayout(event("secret read", null, "name", name));

    assertThat(line)
        .endsWith(
            "name=\"a\\\" stack=\\\"beta/s1\\\\\\u000a2026 ERROR \\u2028\\u202e\\u001b[31m\"\n");
  }

  @Test
  void the_message_of_a_failure_cannot_add_a_line() {
    Exception cause = new IllegalStateException("first\nsecond");

    String text = layout.doLayout(event("failed", new RuntimeException("whole", cause)));

    assertThat(text.lines().toList())
        .hasSize(5)
        .contains("java.lang.RuntimeException: whole")
        .contains("Caused by: java.lang.IllegalStateException: first\\u000asecond");
  }

  private static ILoggingEvent event(String message, @Nullable Throwable failure, Object... pairs) {
    Logger logger = (Logger) LoggerFactory.getLogger("runhook.secret");
    LoggingEvent event = new LoggingEvent("", logger, Level.INFO, message, failure, null);
    event.setInstant(Instant.parse("2026-03-14T12:00:00.005Z"));
    for (int i = 0; i < pairs.length; i += 2) {
      event.addKeyValuePair(new KeyValuePair((String) pairs[i], pairs[i + 1]));
    }
    return event;
  }
}
