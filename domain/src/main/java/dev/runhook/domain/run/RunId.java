package dev.runhook.domain.run;

import java.util.regex.Pattern;

/// A run: its stack and a name unique on the stack (1 to 128 letters, digits, `.`, `_`, `:`, `-`),
/// given by the reporter or a ULID of ours.
public record RunId(StackId stack, String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  public RunId {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a run's id is 1 to 128 letters, digits, dots, underscores, colons and hyphens, and begins with a letter or digit");
    }
  }

  /// Stacks and runs are often numbered, and the usual sum of two numbers that go up together
  /// leaves most of a hash table empty.
  @Override
  public int hashCode() {
    return stack.hashCode() * 0x9E3779B1 + name.hashCode();
  }

  @Override
  public String toString() {
    return stack + "/" + name;
  }
}
