package dev.runhook.systemtests.operations;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The series and labels that a PromQL expression uses. It covers the expressions of this
/// repository and does not parse the whole language.
record PromQuery(String text, Set<String> series, Set<String> labels) {
  /// Labels that Prometheus adds or that every histogram has.
  private static final Set<String> STANDARD_LABELS = Set.of("job", "instance", "le");

  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset");
  private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
  private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)}");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_:][\\w:]*\\b(?!\\s*\\()");

  static PromQuery parse(String text) {
    String bare = STRING.matcher(text).replaceAll("");
    Set<String> labels = new HashSet<>();
    bare = extract(MATCHERS, bare, labels);
    bare = extract(GROUPING, bare, labels);
    bare = RANGE.matcher(bare).replaceAll("");
    Set<String> series = names(bare);
    series.removeAll(KEYWORDS);
    labels.removeAll(STANDARD_LABELS);
    return new PromQuery(text, series, labels);
  }

  private static String extract(Pattern pattern, String text, Set<String> labels) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      labels.addAll(names(matcher.group(1)));
    }
    return matcher.replaceAll("");
  }

  private static Set<String> names(String text) {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }
}
