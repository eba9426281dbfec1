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

  @Override
  public String toString() {
    return stack + "/" + name;
  }
}
