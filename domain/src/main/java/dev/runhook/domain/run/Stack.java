package dev.runhook.domain.run;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A unit of infrastructure that runs are made for, as its reporter describes it.
///
/// @param name what people call it, not blank
/// @param description empty when there is none
/// @param labels at most 100, in the reporter's order
/// @param url its page in the reporter's system; absent when not given
/// @param repository its source repository; absent when not given
public record Stack(
    StackId id,
    String name,
    String description,
    List<String> labels,
    Optional<String> url,
    Optional<String> repository) {
  private static final int MOST_LABELS = 100;

  public Stack {
    TextLimits.requireNonBlank("the stack's name", name);
    TextLimits.require("the stack's description", description);
    labels = List.copyOf(labels);
    labels.forEach(label -> TextLimits.requireNonBlank("a label", label));
    if (labels.size() > MOST_LABELS) {
      throw new IllegalArgumentException(
          "a stack has at most " + MOST_LABELS + " labels, not " + labels.size());
    }
    url.ifPresent(text -> TextLimits.require("the stack's url", text));
    repository.ifPresent(text -> TextLimits.require("the stack's repository", text));
  }

  /// A stack of which only the name is known.
  public static Stack named(StackId id, String name) {
    return new Stack(id, name, "", List.of(), Optional.empty(), Optional.empty());
  }

  public Stack withLinks(@Nullable String url, @Nullable String repository) {
    return new Stack(
        id, name, description, labels, Optional.ofNullable(url), Optional.ofNullable(repository));
  }
}
