package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.signing.Header;
import dev.runhook.outbound.http.BoundedBodySubscriber.BodyExcerpt;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/// Converts a response to an outcome. It limits the number and size of the headers and replaces NUL
/// characters, which PostgreSQL cannot store.
final class ResponseMapper {
  private static final int MAX_HEADERS = 64;
  private static final int MAX_VALUE_LENGTH = 1024;
  private static final char NUL = 0;
  private static final char REPLACEMENT = '\ufffd';

  private final RetryAfter retryAfter;

  ResponseMapper(InstantSource clock) {
    this.retryAfter = new RetryAfter(clock);
  }

  Responded map(int status, HttpHeaders headers, BodyExcerpt body) {
    String text = new String(body.bytes(), StandardCharsets.UTF_8).replace(NUL, REPLACEMENT);
    return new Responded(
        new ReceiverResponse(status, bounded(headers), text, body.truncated()),
        retryAfter.findDelay(status, headers));
  }

  private static List<Header> bounded(HttpHeaders headers) {
    return headers.map().entrySet().stream()
        .flatMap(header -> header.getValue().stream().map(value -> bounded(header.getKey(), value)))
        .limit(MAX_HEADERS)
        .toList();
  }

  private static Header bounded(String name, String value) {
    return new Header(bounded(name), bounded(value));
  }

  private static String bounded(String text) {
    String excerpt =
        text.length() <= MAX_VALUE_LENGTH ? text : text.substring(0, MAX_VALUE_LENGTH) + "…";
    return excerpt.replace(NUL, REPLACEMENT);
  }
}
