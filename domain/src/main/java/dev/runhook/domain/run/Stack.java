package dev.runhook.domain.run;

import dev.runhook.domain.text.TextLimits;
import java.util.List;
import java.util.Optional;

/// A unit of infrastructure that has runs.
///
/// @param name not blank
/// @param description empty if there is none
/// @param labels at most 64, in the reporter's order
/// @param url the stack's page in the reporting system
/// @param repository the source repository
public record Stack(
    StackId id,
    String name,
    String description,
    List<String> labels,
    Optional<String> url,
    Optional<String> repository) {
  public static final int MAX_LABELS = 64;

  public Stack {
    TextLimits.requireNonBlank("the stack's name", name, TextLimits.MAX_NAME);
    TextLimits.require("the stack's description", description, TextLimits.MAX_TEXT);
    labels = List.copyOf(labels);
    labels.forEach(label -> TextLimits.requireNonBlank("a label", label, TextLimits.MAX_LABEL));
    if (labels.size() > MAX_LABELS) {
      throw new IllegalArgumentException(
          "a stack has at most " + MAX_LABELS + " labels, not " + labels.size());
    }
    url.ifPresent(text -> TextLimits.require("the stack's url", text, TextLimits.MAX_URL));
    repository.ifPresent(
        text -> TextLimits.require("the stack's repository", text, TextLimits.MAX_URL));
  }

  /// Creates a stack with only a name.
  public static Stack named(StackId id, String name) {
    return new Stack(id, name, "", List.of(), Optional.empty(), Optional.empty());
  }
}
