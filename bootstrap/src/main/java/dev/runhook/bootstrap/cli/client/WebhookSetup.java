package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A webhook of a stack or of the account.
///
/// @param webhook the body of a request that creates it, without secret and headers
/// @param secret null if it is not managed
/// @param headers null if they are not managed
public record WebhookSetup(
    String endpoint, ObjectNode webhook, @Nullable String secret, @Nullable ObjectNode headers) {
  static final Set<String> FIELDS =
      Set.of(
          "endpoint",
          "name",
          "enabled",
          "states",
          "types",
          "driftDetection",
          "previousStates",
          "branches",
          "delta",
          "stackLabels",
          "format",
          "template",
          "timeout",
          "retrySchedule",
          "secret",
          "headers");

  /// The fields of an account webhook.
  static final Set<String> ACCOUNT_FIELDS =
      Stream.concat(FIELDS.stream(), Stream.of("selector")).collect(Collectors.toSet());

  static final Set<String> SELECTOR_FIELDS = Set.of("labels", "stacks");

  @Override
  public String toString() {
    return "webhook";
  }
}
