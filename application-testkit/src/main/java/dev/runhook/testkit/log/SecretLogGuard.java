package dev.runhook.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/// Fails each test during which Runhook or a named library logs a secret, at any level.
///
/// To use it, declare a subclass with a public constructor without parameters, list it in
/// `META-INF/services/org.junit.jupiter.api.extension.Extension`, and set
/// `junit.jupiter.extensions.autodetection.enabled`. It then applies to all tests of the module.
public abstract class SecretLogGuard
    implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final List<String> OUR_LOGGERS = List.of("dev.runhook", "runhook");

  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static volatile boolean active;

  /// @param libraries names of other loggers to check
  /// @param canaries strings that the tests use as secrets
  protected SecretLogGuard(List<String> libraries, List<String> canaries) {
    CanaryAppender appender = new CanaryAppender(List.copyOf(canaries));
    appender.start();
    Stream.concat(OUR_LOGGERS.stream(), libraries.stream())
        .forEach(name -> {
          Logger logger = (Logger) LoggerFactory.getLogger(name);
          logger.setLevel(Level.TRACE);
          logger.addAppender(appender);
        });
  }

  @Override
  public final void beforeEach(ExtensionContext context) {
    active = true;
  }

  @Override
  public final void afterEach(ExtensionContext context) {
    assertNoSecretsLogged();
  }

  @Override
  public final void afterAll(ExtensionContext context) {
    assertNoSecretsLogged();
  }

  /// Returns whether at least one test of this JVM has run under a guard.
  public static boolean isActive() {
    return active;
  }

  /// Fails if a canary was logged since the last call.
  public static void assertNoSecretsLogged() {
    List<String> leaks = new ArrayList<>();
    for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
      leaks.add(leak);
    }
    assertThat(leaks).as("log events that contain a secret").isEmpty();
  }

  private static final class CanaryAppender extends AppenderBase<ILoggingEvent> {
    private final List<String> canaries;

    CanaryAppender(List<String> canaries) {
      this.canaries = canaries;
    }

    @Override
    protected void append(ILoggingEvent event) {
      String line = format(event);
      if (canaries.stream().anyMatch(line::contains)) {
        LEAKS.add(line);
      }
    }

    private static String format(ILoggingEvent event) {
      List<Object> parts = new ArrayList<>(List.of(event.getLoggerName()));
      parts.add(event.getFormattedMessage());
      Optional.ofNullable(event.getKeyValuePairs()).ifPresent(parts::addAll);
      parts.addAll(event.getMDCPropertyMap().values());
      Optional.ofNullable(event.getThrowableProxy())
          .map(ThrowableProxyUtil::asString)
          .ifPresent(parts::add);
      return parts.toString();
    }
  }
}
