package dev.runhook.domain.account;

import java.util.Set;

/// The stacks of its account that a grant holds for; other stacks do not exist for its bearer.
public sealed interface Reach {
  /// Every stack, present and future.
  record AllStacks() implements Reach {}

  /// Only the stacks with these ids.
  record SomeStacks(Set<String> stacks) implements Reach {
    public SomeStacks {
      stacks = Set.copyOf(stacks);
    }
  }

  /// Whether the stack of this id is in reach.
  default boolean includes(String stack) {
    return switch (this) {
      case AllStacks() -> true;
      case SomeStacks(var stacks) -> stacks.contains(stack);
    };
  }

  /// What of this reach is left for one who asks for that stack alone.
  default Reach within(String stack) {
    return new SomeStacks(includes(stack) ? Set.of(stack) : Set.of());
  }

  /// Whether all that is in `other`'s reach, now or in future, is in this one's.
  default boolean covers(Reach other) {
    return switch (this) {
      case AllStacks() -> true;
      case SomeStacks(var own) ->
          other instanceof SomeStacks(var theirs) && own.containsAll(theirs);
    };
  }
}
