package dev.runhook.bootstrap.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.runhook.bootstrap.setting.Settings.LogSettings;
import org.slf4j.LoggerFactory;

/// Sets the log up: one line per event on standard error, so that standard output is free for what
/// a person asked for.
public final class Logging {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0} %msg %kvp%n%ex{short}";

  /// What is told at DEBUG and TRACE of these; of libraries it never is, for they show what they
  /// see as it is: headers, bodies, the rows of a statement.
  private static final String[] OURS = {"dev.runhook", "runhook"};

  /// They tell at INFO what only their developers want to know.
  private static final String[] CHATTY = {
    "org.eclipse.jetty",
    "io.javalin",
    "com.zaxxer.hikari",
    "org.flywaydb",
    "io.zonky",
    "org.postgresql",
    "org.jdbi"
  };

  private Logging() {}

  public static void configure(LogSettings logSettings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder(context, logSettings.format()));
    console.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = Level.valueOf(logSettings.level().name());
    boolean tellsMore = !level.isGreaterOrEqual(Level.INFO);
    root.setLevel(tellsMore ? Level.INFO : level);
    root.addAppender(console);
    for (String name : OURS) {
      context.getLogger(name).setLevel(level);
    }
    for (String name : CHATTY) {
      context.getLogger(name).setLevel(tellsMore ? Level.INFO : quieter(level));
    }
  }

  /// The same for a command that ends soon: a pool that is closed while it still fills warns of
  /// that.
  public static void configureForCommand(LogSettings logSettings) {
    configure(logSettings);
    ((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.ERROR);
  }

  private static Level quieter(Level level) {
    return level.isGreaterOrEqual(Level.WARN) ? Level.ERROR : Level.WARN;
  }

  static JsonEncoder jsonEncoder() {
    JsonEncoder json = new JsonEncoder();
    json.setWithFormattedMessage(true);
    json.setWithMessage(false);
    json.setWithArguments(false);
    json.setWithSequenceNumber(false);
    json.setWithNanoseconds(false);
    json.setWithContext(false);
    return json;
  }

  private static EncoderBase<ILoggingEvent> encoder(
      LoggerContext context, LogSettings.Format format) {
    EncoderBase<ILoggingEvent> encoder =
        switch (format) {
          case JSON -> jsonEncoder();
          case TEXT -> {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern(PATTERN);
            yield text;
          }
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
