package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.runhook.http.security.CsrfGuard;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Sends canary secrets in every part of every operation of `openapi.yaml`, with a working and with
/// a failing store. The adapter must not log any of them. An integration test checks the whole
/// process.
class SecretLeakTest {
  private static final List<String> BODIES =
      List.of(
          "{\"canary",
          "{\"endpoint\":\"https://example.com/?canary\",\"secret\":\"canary\",\"headers\":{\"X-Key\":\"canary\"}}",
          "{\"id\":\"r\",\"branch\":\"canary\",\"commit\":{\"hash\":\"canary\"},\"note\":\"canary\"}",
          "{\"state\":\"READY\",\"note\":\"canary\"}",
          "{\"name\":\"canary\",\"role\":\"reader\"}");
  private static final List<String> TOKENS = List.of(TestServer.ADMIN, "rhk_canary");

  private final TestServer server = new TestServer().withDemoStack();
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final List<Logger> loggers =
      Stream.of("dev.runhook", "runhook").map(SecretLeakTest::logger).toList();

  @BeforeEach
  void listen() {
    events.start();
    loggers.forEach(logger -> {
      logger.setLevel(Level.TRACE);
      logger.addAppender(events);
    });
  }

  @AfterEach
  void tearDown() {
    loggers.forEach(logger -> logger.detachAppender(events));
    server.close();
  }

  @Test
  void no_request_leaves_a_secret_in_the_log() {
    callAllOperations();
    server.store.failure.set(new IllegalStateException("a bug"));
    callAllOperations();

    List<String> printed = List.copyOf(events.list).stream().map(SecretLeakTest::printed).toList();
    assertThat(printed).anyMatch(text -> text.contains("request failed"));
    assertThat(printed).noneMatch(text -> text.contains("canary") || text.contains("rhk_"));
    assertThat(printed).noneMatch(text -> text.contains(TestServer.ADMIN));
  }

  private void callAllOperations() {
    for (OpenApiSpecification.ApiOperation operation : OpenApiSpecification.INSTANCE.operations()) {
      String path = operation.path().replace("{stack}", "demo").replaceAll("\\{[a-z]+}", "r");
      for (String token : TOKENS) {
        for (String body : operation.acceptsBody() ? BODIES : List.of("")) {
          if (operation.method().equals("DELETE") && path.endsWith("/demo")) {
            continue; // other operations need this stack
          }
          server.send(
              server
                  .rawRequest(
                      operation.method(), path + query(operation), BodyPublishers.ofString(body))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/json")
                  .header("Cookie", "runhook_session=canary")
                  .header(CsrfGuard.HEADER, "1")
                  .header("X-Key", "canary"));
        }
      }
    }
  }

  /// Adds the parameter only to operations that reject it; elsewhere, the request would violate the
  /// file.
  private static String query(OpenApiSpecification.ApiOperation operation) {
    return operation.method().equals("GET") && operation.definition().getParameters() != null
        ? "?canary=canary"
        : "";
  }

  private static String printed(ILoggingEvent event) {
    List<Object> parts = new ArrayList<>();
    parts.add(event.getFormattedMessage());
    Optional.ofNullable(event.getKeyValuePairs()).ifPresent(parts::addAll);
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      parts.add(ThrowableProxyUtil.asString(thrown));
    }
    return parts.toString();
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
