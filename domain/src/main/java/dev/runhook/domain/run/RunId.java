package dev.runhook.domain.run;

import java.util.regex.Pattern;

/// The id of a run: its stack and a name that is unique on the stack. The name has 1 to 128
/// letters, digits, `.`, `_`, `:` or `-`. The reporter chooses it, or Runhook generates a ULID.
public record RunId(StackId stack, String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  public RunId {
    requireName(name);
  }

  /// Returns the name.
  ///
  /// @throws IllegalArgumentException if no run can have it
  public static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a run's id has 1 to 128 letters, digits, dots, underscores, colons and hyphens, and"
              + " begins with a letter or digit");
    }
    return name;
  }

  /// Spreads the hash codes: stacks and runs are often numbered, and the record's own formula would
  /// leave most of a hash table empty.
  @Override
  public int hashCode() {
    return stack.hashCode() * 0x9E3779B1 + name.hashCode();
  }

  @Override
  public String toString() {
    return stack + "/" + name;
  }
}
