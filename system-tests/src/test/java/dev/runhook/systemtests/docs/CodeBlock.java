package dev.runhook.systemtests.docs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A fenced code block of a document.
///
/// @param location file and line, for messages
/// @param language the info string of the fence; empty for diagrams and output
/// @param directive the text of the HTML comment directly above the block; empty if there is none
record CodeBlock(String location, String language, String text, String directive) {
  private static final Pattern NOT_RUN = Pattern.compile("not run: (.{10,})");
  private static final Pattern TESTED_BY = Pattern.compile("tested by (\\S+)");
  private static final Pattern RUN = Pattern.compile("run(?: in the background until \"(.+)\")?");

  /// The reason for not running the block.
  Optional<String> skipReason() {
    return match(NOT_RUN);
  }

  /// The test class or the script that runs the block.
  Optional<String> testedBy() {
    return match(TESTED_BY);
  }

  /// Whether [DocsIT] runs the block.
  boolean isExecuted() {
    return RUN.matcher(directive).matches();
  }

  /// The output that shows that a block in the background is ready.
  Optional<String> readyOutput() {
    return match(RUN);
  }

  private Optional<String> match(Pattern pattern) {
    Matcher matcher = pattern.matcher(directive);
    return matcher.matches() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
  }
}
