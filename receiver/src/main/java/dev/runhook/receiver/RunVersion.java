package dev.runhook.receiver;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A run and the ordinal of one of its transitions.
///
/// @param account the tenant
/// @param stack the id of the stack, unique in the account
/// @param run the id of the run, unique in the stack
/// @param version the `stateVersion`
public record RunVersion(String account, String stack, String run, long version) {
  private static final Pattern VERSION = Pattern.compile("\\d{1,18}");

  /// Reads a version. Returns 0, which is below all versions, if the text is none.
  static long parse(@Nullable String text) {
    return text != null && VERSION.matcher(text).matches() ? Long.parseLong(text) : 0;
  }

  /// The run among those of all accounts. Ids contain no slash.
  String key() {
    return account + "/" + stack + "/" + run;
  }
}
