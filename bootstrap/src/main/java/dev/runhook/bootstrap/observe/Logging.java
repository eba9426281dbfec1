package dev.runhook.bootstrap.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import co.elastic.logging.EcsJsonSerializer;
import co.elastic.logging.logback.EcsEncoder;
import dev.runhook.bootstrap.setting.LogSettings;
import dev.runhook.bootstrap.setting.Version;
import java.util.List;
import java.util.Objects;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/// Configures the log. Events go to standard error, one per line, so that standard output contains
/// only what the user asked for.
public final class Logging {
  /// Only these log at DEBUG and TRACE. Libraries would log headers, bodies and rows at these
  /// levels.
  private static final String[] OWN_LOGGERS = {"dev.runhook", "runhook"};

  /// What these libraries log at INFO matters only to their developers.
  private static final String[] NOISY_LOGGERS = {
    "org.eclipse.jetty", "io.javalin", "com.zaxxer.hikari", "org.postgresql", "org.jdbi"
  };

  /// The OpenTelemetry SDK logs to java.util.logging. The span exporter logs its failures itself.
  private static final java.util.logging.Logger OPEN_TELEMETRY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private Logging() {}

  public static void configure(LogSettings settings) {
    OPEN_TELEMETRY.setLevel(java.util.logging.Level.OFF);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder(context, settings.format()));
    console.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = Level.valueOf(settings.level().name());
    boolean verbose = !level.isGreaterOrEqual(Level.INFO);
    root.setLevel(verbose ? Level.INFO : level);
    root.addAppender(console);
    for (String name : OWN_LOGGERS) {
      context.getLogger(name).setLevel(level);
    }
    for (String name : NOISY_LOGGERS) {
      context.getLogger(name).setLevel(verbose ? Level.INFO : quieter(level));
    }
  }

  private static Level quieter(Level level) {
    return level.isGreaterOrEqual(Level.WARN) ? Level.ERROR : Level.WARN;
  }

  private static EncoderBase<ILoggingEvent> encoder(
      LoggerContext context, LogSettings.Format format) {
    EncoderBase<ILoggingEvent> encoder =
        switch (format) {
          case JSON -> new KeyValueEcsEncoder(Version.text());
          case TEXT -> {
            LayoutWrappingEncoder<ILoggingEvent> text = new LayoutWrappingEncoder<>();
            text.setLayout(new TextLayout());
            yield text;
          }
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  /// Encodes log events as JSON in the Elastic Common Schema. In addition to the fields of
  /// [EcsEncoder], each key-value pair of an event is a top-level field.
  static final class KeyValueEcsEncoder extends EcsEncoder {
    KeyValueEcsEncoder(String version) {
      setServiceName("runhook");
      setServiceVersion(version);
    }

    @Override
    protected void addCustomFields(ILoggingEvent event, StringBuilder json) {
      Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of())
          .forEach(pair -> {
            if (pair.value instanceof Number number) {
              json.append('"').append(pair.key).append("\":").append(number).append(',');
            } else {
              EcsJsonSerializer.serializeMdcEntry(json, pair.key, String.valueOf(pair.value));
            }
          });
    }
  }
}
