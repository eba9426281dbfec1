package dev.runhook.outbound;

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
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/// Fails the test during which something secret was logged, by us or by a library that it uses, at
/// any level. JUnit finds it by itself, so all tests of this module run under it. The canaries are
/// what these tests plant: values of headers, payloads, queries of endpoints and passwords of
/// proxies.
public final class LogWatch implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final List<String> LOGGERS = List.of("dev.runhook", "runhook");
  private static final List<String> CANARIES = List.of("canary", "hush", "{\"a\":1}", "Basic ");

  private static final Queue<String> HEARD = new ConcurrentLinkedQueue<>();
  private static volatile boolean watching;

  static {
    Ear ear = new Ear();
    ear.start();
    for (String name : LOGGERS) {
      Logger logger = (Logger) LoggerFactory.getLogger(name);
      logger.setLevel(Level.TRACE);
      logger.addAppender(ear);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    watching = true;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    demandSilence();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    demandSilence();
  }

  /// Whether tests run under it.
  static boolean isWatching() {
    return watching;
  }

  /// Fails where a canary was logged since it was last asked.
  static void demandSilence() {
    List<String> told = new ArrayList<>();
    for (String line = HEARD.poll(); line != null; line = HEARD.poll()) {
      told.add(line);
    }
    assertThat(told).as("what was logged with something secret in it").isEmpty();
  }

  private static final class Ear extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      String printed = printed(event);
      if (CANARIES.stream().anyMatch(printed::contains)) {
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
