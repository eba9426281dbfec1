package dev.runhook.bootstrap.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import dev.runhook.domain.text.Printable;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// Formats a log event as one line of text, and a failure as two more lines for each of its causes.
/// Messages and values are escaped, so that text from users cannot add a field or a line.
final class TextLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public String doLayout(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder line = new StringBuilder(TIME.format(event.getInstant()));
    line.append(' ').append("%-5s".formatted(event.getLevel())).append(' ');
    line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(' ');
    line.append(Printable.escape(event.getFormattedMessage()));
    for (KeyValuePair pair :
        Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of())) {
      String value = String.valueOf(pair.value).replace("\\", "\\\\").replace("\"", "\\\"");
      line.append(' ').append(pair.key).append("=\"").append(Printable.escape(value)).append('"');
    }
    line.append('\n');
    appendFailure(event.getThrowableProxy(), "", line);
    return line.toString();
  }

  private static void appendFailure(
      @Nullable IThrowableProxy failure, String prefix, StringBuilder text) {
    if (failure == null || failure.isCyclic()) {
      return;
    }
    text.append(prefix).append(failure.getClassName());
    if (failure.getMessage() != null) {
      text.append(": ").append(Printable.escape(failure.getMessage()));
    }
    text.append('\n');
    if (failure.getStackTraceElementProxyArray().length > 0) {
      text.append('\t').append(failure.getStackTraceElementProxyArray()[0]).append('\n');
    }
    appendFailure(failure.getCause(), "Caused by: ", text);
  }
}
