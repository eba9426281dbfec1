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

/// Fails the test during which something secret was logged, by us or by a library, at any level. A
/// module has one of its own, with a constructor without parameters, which JUnit finds in
/// `META-INF/services` where `junit.jupiter.extensions.autodetection.enabled` is set; then all
/// tests of the module run under it.
public abstract class SecretLogGuard
    implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final List<String> OURS = List.of("dev.runhook", "runhook");

  private static final Queue<String> HEARD = new ConcurrentLinkedQueue<>();
  private static volatile boolean watching;

  /// @param libraries whose loggers are listened to besides ours
  /// @param canaries parts of what the tests plant and nobody may log
  protected SecretLogGuard(List<String> libraries, List<String> canaries) {
    Ear ear = new Ear(List.copyOf(canaries));
    ear.start();
    Stream.concat(OURS.stream(), libraries.stream())
        .forEach(name -> {
          Logger logger = (Logger) LoggerFactory.getLogger(name);
          logger.setLevel(Level.TRACE);
          logger.addAppender(ear);
        });
  }

  @Override
  public final void beforeEach(ExtensionContext context) {
    watching = true;
  }

  @Override
  public final void afterEach(ExtensionContext context) {
    assertNoSecretsLogged();
  }

  @Override
  public final void afterAll(ExtensionContext context) {
    assertNoSecretsLogged();
  }

  /// Whether tests run under one.
  public static boolean isActive() {
    return watching;
  }

  /// Fails where a canary was logged since it was last asked.
  public static void assertNoSecretsLogged() {
    List<String> told = new ArrayList<>();
    for (String line = HEARD.poll(); line != null; line = HEARD.poll()) {
      told.add(line);
    }
    assertThat(told).as("what was logged with something secret in it").isEmpty();
  }

  private static final class Ear extends AppenderBase<ILoggingEvent> {
    private final List<String> canaries;

    Ear(List<String> canaries) {
      this.canaries = canaries;
    }

    @Override
    protected void append(ILoggingEvent event) {
      String printed = printed(event);
      if (canaries.stream().anyMatch(printed::contains)) {
        HEARD.add(printed);
      }
    }

    private static String printed(ILoggingEvent event) {
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
