package dev.runhook.persistence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The constructs that Citus 14 rejects although all tables of a statement are on one node. Citus
/// evaluates functions such as `now()` of a changing statement itself, and sends the rest to the
/// node, so it must be able to tell them apart.
public final class CitusRules {
  private static final Pattern TEXT = Pattern.compile("'[^']*'");
  private static final Pattern INNERMOST = Pattern.compile("\\(([^()]*)\\)");
  private static final Pattern HIDDEN = Pattern.compile("\u0001(\\d+)\u0002");

  /// Constructs anywhere in a statement.
  private static final Map<String, Pattern> REJECTED = new LinkedHashMap<>();

  /// Constructs in a part that inserts, outside parentheses.
  private static final Map<String, Pattern> REJECTED_IN_INSERT = new LinkedHashMap<>();

  /// Constructs in a part that updates, including its subqueries.
  private static final Map<String, Pattern> REJECTED_IN_UPDATE = new LinkedHashMap<>();

  static {
    REJECTED.put("a recursive query", Pattern.compile("\\brecursive\\b"));
    REJECTED.put(
        "an insert in a common table expression",
        Pattern.compile("\\bas( not)?( materialized)? ?\\( ?insert\\b"));
    REJECTED_IN_INSERT.put("an insert with common table expressions", Pattern.compile("^with\\b"));
    REJECTED_IN_INSERT.put(
        "an insert that selects from a table",
        Pattern.compile("\\b(from|join) runhook(_\\d\\d)?\\."));
    REJECTED_IN_INSERT.put(
        "a function or cast in `do update`", Pattern.compile("\\bdo update\\b.*(now\\(\\)|::)"));
    REJECTED_IN_UPDATE.put(
        "arithmetic with times", Pattern.compile("\\binterval\\b|now\\(\\) ?[-+]"));
    REJECTED_IN_UPDATE.put(
        "now() in `case` or `coalesce`",
        Pattern.compile("\\bcase\\b((?!\\bend\\b).)*now\\(\\)|\\bcoalesce ?\\([^()]*now\\(\\)"));
    REJECTED_IN_UPDATE.put(
        "now() in a subquery", Pattern.compile("\\bfrom ?\\( ?select\\b.*now\\(\\)"));
    REJECTED_IN_UPDATE.put(
        "a parameter in `set (…) = (select …)`",
        Pattern.compile("\\) ?= ?\\( ?select ((?!\\) from).)*\\?"));
  }

  private CitusRules() {}

  /// Returns the rejected constructs in a statement.
  public static List<String> violations(String sql) {
    List<String> violations = new ArrayList<>();
    String text = normalize(sql);
    collect(REJECTED, text, violations);
    for (String part : parts(text)) {
      if (part.matches("(with .*)?insert into .*")) {
        collect(REJECTED_IN_INSERT, part, violations);
      } else if (part.startsWith("update ")) {
        collect(REJECTED_IN_UPDATE, part, violations);
      }
    }
    return violations;
  }

  private static void collect(Map<String, Pattern> rules, String text, List<String> violations) {
    rules.forEach((name, pattern) -> {
      if (pattern.matcher(text).find()) {
        violations.add(name);
      }
    });
  }

  private static String normalize(String sql) {
    return TEXT.matcher(sql)
        .replaceAll("''")
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", " ")
        .strip();
  }

  /// Returns the statement without its common table expressions, and each of these.
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    List<String> hidden = new ArrayList<>();
    String rest = text;
    for (Matcher found = INNERMOST.matcher(rest); found.find(); found = INNERMOST.matcher(rest)) {
      rest =
          rest.substring(0, found.start())
              + "\u0001"
              + hidden.size()
              + "\u0002"
              + rest.substring(found.end());
      hidden.add(found.group(1));
    }
    Matcher common =
        Pattern.compile("\\bas( not)?( materialized)? ?\u0001(\\d+)\u0002").matcher(rest);
    while (rest.startsWith("with ") && common.find()) {
      parts.add(restore(hidden.get(Integer.parseInt(common.group(3))), hidden).strip());
    }
    String main = rest.replaceFirst("^with .*?\u0002 (?=(select|insert|update|delete)\\b)", "");
    boolean hasCommon = main.length() < rest.length();
    parts.add((hasCommon && main.startsWith("insert ") ? "with " : "") + restore(main, hidden));
    return parts;
  }

  private static String restore(String text, List<String> hidden) {
    return HIDDEN
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                "(" + restore(hidden.get(Integer.parseInt(found.group(1))), hidden) + ")"));
  }
}
