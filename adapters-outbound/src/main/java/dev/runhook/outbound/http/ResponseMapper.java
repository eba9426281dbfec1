package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.signing.Header;
import dev.runhook.outbound.http.BoundedBodySubscriber.BodyExcerpt;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes of a response what is worth keeping: bounded, and text that any store can hold.
final class ResponseMapper {
  private static final int MOST_HEADERS = 64;
  private static final int LONGEST_VALUE = 1024;
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
    List<Header> kept = new ArrayList<>();
    for (Map.Entry<String, List<String>> entry : headers.map().entrySet()) {
      for (String value : entry.getValue()) {
        if (kept.size() == MOST_HEADERS) {
          return kept;
        }
        kept.add(new Header(bounded(entry.getKey()), bounded(value)));
      }
    }
    return kept;
  }

  private static String bounded(String text) {
    String start = text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
    return start.replace(NUL, REPLACEMENT);
  }
}
