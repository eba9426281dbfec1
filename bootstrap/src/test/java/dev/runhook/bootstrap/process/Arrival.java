package dev.runhook.bootstrap.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A request that a [LoggedReceiver] got.
///
/// @param order its place in the receiver's log, from 0 on
/// @param headers by name in lower case
/// @param body the exact bytes, one character for each (ISO 8859-1)
/// @param answer the status that the receiver chose for it
public record Arrival(
    int order, Map<String, String> headers, String body, boolean verified, int answer) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Arrival {
    headers = Map.copyOf(headers);
  }

  public boolean accepted() {
    return answer / 100 == 2;
  }

  public String header(String name) {
    return headers.getOrDefault(name, "(none)");
  }

  public String delivery() {
    return header("x-runhook-delivery");
  }

  public int attempt() {
    return Integer.parseInt(header("x-runhook-attempt"));
  }

  public String run() {
    return json().path("run").path("id").asText();
  }

  public String state() {
    return json().path("state").asText();
  }

  public int version() {
    return json().path("stateVersion").asInt();
  }

  String text() {
    return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private JsonNode json() {
    try {
      return JSON.readTree(text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
