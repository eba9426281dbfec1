package dev.runhook.domain.account;

import java.util.Set;

/// The stacks of an account that a token can access. Requests with the token are answered as if
/// other stacks did not exist.
public sealed interface StackScope {
  /// Every stack of the account, including future ones.
  record All() implements StackScope {}

  /// Only the stacks with these ids.
  record Only(Set<String> stacks) implements StackScope {
    public Only {
      stacks = Set.copyOf(stacks);
    }
  }

  /// Returns the scope of a single stack.
  static StackScope of(String stack) {
    return new Only(Set.of(stack));
  }

  /// Returns whether this scope includes the stack with this id.
  default boolean includes(String stack) {
    return switch (this) {
      case All() -> true;
      case Only(var stacks) -> stacks.contains(stack);
    };
  }

  /// Returns this scope narrowed to one stack. The result is empty if this scope does not include
  /// the stack.
  default StackScope restrictedTo(String stack) {
    return new Only(includes(stack) ? Set.of(stack) : Set.of());
  }

  /// Returns whether this scope includes every stack that `other` includes now or later.
  default boolean covers(StackScope other) {
    return switch (this) {
      case All() -> true;
      case Only(var stacks) -> other instanceof Only(var others) && stacks.containsAll(others);
    };
  }
}
