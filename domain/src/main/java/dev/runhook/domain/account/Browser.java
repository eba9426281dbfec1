package dev.runhook.domain.account;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The program that started a session, as its `User-Agent` header names it, which the program
/// chooses. The text is cut to [#MAX_LENGTH] characters, and only printable ASCII characters are
/// kept.
///
/// @param userAgent empty if the program sent none
public record Browser(String userAgent) {
  public static final int MAX_LENGTH = 200;
  public static final Browser UNKNOWN = new Browser("");

  /// By the order of what they have in common: most programs also claim to be others.
  private static final Pattern PRODUCT =
      Pattern.compile(
          "(Edg|OPR|Firefox|FxiOS|Chrome|CriOS)[A-Za-z]*/|Version/\\S+ (?:Mobile/\\S+ )?(Safari)/");

  private static final Map<String, String> PRODUCTS =
      Map.of("Edg", "Edge", "OPR", "Opera", "FxiOS", "Firefox", "CriOS", "Chrome");

  private static final Pattern SYSTEM =
      Pattern.compile("Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux(?!; Android)");
  private static final Map<String, String> SYSTEMS =
      Map.of("iPhone", "iOS", "iPad", "iOS", "Mac OS X", "macOS", "CrOS", "ChromeOS");

  private static final Pattern FIRST = Pattern.compile("[A-Za-z0-9._-]{1,40}");

  public Browser {
    String printable = userAgent.replaceAll("[^\\x20-\\x7e]", "").strip();
    userAgent = printable.substring(0, Math.min(printable.length(), MAX_LENGTH));
  }

  /// Returns a short name such as `Firefox on Linux`; empty if the program sent none.
  public Optional<String> name() {
    Optional<String> product = product();
    Optional<String> system = first(SYSTEM).map(found -> SYSTEMS.getOrDefault(found, found));
    return product.isPresent() && system.isPresent()
        ? Optional.of(product.get() + " on " + system.get())
        : product;
  }

  private Optional<String> product() {
    String best = "";
    for (Matcher found = PRODUCT.matcher(userAgent); found.find(); ) {
      String name = found.group(1) == null ? found.group(2) : found.group(1);
      // Edge and Opera name Chrome before themselves
      best = best.isEmpty() || name.equals("Edg") || name.equals("OPR") ? name : best;
    }
    return best.isEmpty() ? first(FIRST) : Optional.of(PRODUCTS.getOrDefault(best, best));
  }

  private Optional<String> first(Pattern pattern) {
    Matcher found = pattern.matcher(userAgent);
    return found.find() ? Optional.of(found.group()) : Optional.empty();
  }
}
