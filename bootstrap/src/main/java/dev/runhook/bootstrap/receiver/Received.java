package dev.runhook.bootstrap.receiver;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A request that a receiver got.
///
/// @param headers by name in lower case
/// @param number how many came before it, plus one
public record Received(
    int number, Map<String, String> headers, String body, Verification verification) {
  public Received {
    headers = Map.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
