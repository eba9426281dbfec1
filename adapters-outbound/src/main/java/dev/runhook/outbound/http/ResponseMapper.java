package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.outbound.http.BoundedBodySubscriber.BodyExcerpt;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
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
    return new Responded(
        new ReceiverResponse(
            status, bounded(headers), text(body).replace(NUL, REPLACEMENT), body.truncated()),
        retryAfter.findDelay(status, headers));
  }

  /// Returns the text, without the start of a character at the end of a truncated body.
  private static String text(BodyExcerpt body) {
    CharBuffer text = CharBuffer.allocate(body.bytes().length);
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .decode(ByteBuffer.wrap(body.bytes()), text, !body.truncated());
    return text.flip().toString();
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
    return TextLimits.shorten(text, MAX_VALUE_LENGTH).replace(NUL, REPLACEMENT);
  }
}
