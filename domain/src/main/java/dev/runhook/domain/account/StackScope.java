package dev.runhook.domain.account;

import java.util.Set;

/// The stacks of its account that a grant holds for; other stacks do not exist for its bearer.
public sealed interface StackScope {
  /// Every stack, present and future.
  record All() implements StackScope {}

  /// Only the stacks with these ids.
  record Only(Set<String> stacks) implements StackScope {
    public Only {
      stacks = Set.copyOf(stacks);
    }
  }

  /// Whether the stack of this id is in reach.
  default boolean includes(String stack) {
    return switch (this) {
      case All() -> true;
      case Only(var stacks) -> stacks.contains(stack);
    };
  }

  /// What of this reach is left for one who asks for that stack alone.
  default StackScope restrictedTo(String stack) {
    return new Only(includes(stack) ? Set.of(stack) : Set.of());
  }

  /// Whether all that is in `other`'s reach, now or in future, is in this one's.
  default boolean covers(StackScope other) {
    return switch (this) {
      case All() -> true;
      case Only(var own) -> other instanceof Only(var theirs) && own.containsAll(theirs);
    };
  }
}
