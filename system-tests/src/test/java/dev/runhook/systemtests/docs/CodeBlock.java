package dev.runhook.systemtests.docs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A fenced block of a document.
///
/// @param where file and line, for people
/// @param language what is said behind the fence; empty for pictures and outputs
/// @param mark the comment right above it, without its brackets; empty where there is none
record CodeBlock(String location, String language, String text, String directive) {
  private static final Pattern NOT_RUN = Pattern.compile("not run: (.{10,})");
  private static final Pattern TESTED_BY = Pattern.compile("tested by (\\w+)");
  private static final Pattern RUN = Pattern.compile("run(?: in the background until \"(.+)\")?");

  /// Why nobody runs it.
  Optional<String> skipReason() {
    return of(NOT_RUN);
  }

  /// The test class that runs it.
  Optional<String> testedBy() {
    return of(TESTED_BY);
  }

  /// Whether [DocsIT] runs it.
  boolean isExecuted() {
    return RUN.matcher(directive).matches();
  }

  /// What it prints when it is ready, if it goes on while the next blocks are run.
  Optional<String> readyOutput() {
    return of(RUN);
  }

  private Optional<String> of(Pattern pattern) {
    Matcher matcher = pattern.matcher(directive);
    return matcher.matches() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
  }
}
