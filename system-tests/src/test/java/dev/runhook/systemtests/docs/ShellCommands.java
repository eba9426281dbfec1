package dev.runhook.systemtests.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The commands of a code block, split into words. Supports the shell grammar that the documents
/// use.
final class ShellCommands {
  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_]\\w*=.*", Pattern.DOTALL);
  private static final String ENDS = "\n;|&";

  private final List<List<String>> commands = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private List<String> words = new ArrayList<>();
  private boolean inWord;

  private ShellCommands() {}

  /// Parses the commands. Omits leading assignments, and commands that only assign.
  static List<List<String>> parse(String text) {
    ShellCommands reader = new ShellCommands();
    reader.read(text.replaceAll("(?m)^\\$ ", "").replace("\\\n", " ") + "\n");
    return reader.commands;
  }

  private void read(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        int end = closing(text, i);
        word.append(text, i + 1, end);
        inWord = true;
        i = end;
      } else if (c == '\\') {
        word.append(text.charAt(++i));
        inWord = true;
      } else if (c == '#' && !inWord) {
        i = text.indexOf('\n', i) - 1;
      } else if (ENDS.indexOf(c) >= 0) {
        endWord();
        endCommand();
      } else if (Character.isWhitespace(c)) {
        endWord();
      } else {
        word.append(c);
        inWord = true;
      }
    }
  }

  private static int closing(String text, int opening) {
    char quote = text.charAt(opening);
    for (int i = opening + 1; i < text.length(); i++) {
      if (quote == '"' && text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i;
      }
    }
    throw new IllegalArgumentException("a quote is not closed: " + text.substring(opening));
  }

  private void endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }

  private void endCommand() {
    int begin = 0;
    while (begin < words.size() && ASSIGNMENT.matcher(words.get(begin)).matches()) {
      begin++;
    }
    if (begin < words.size()) {
      commands.add(List.copyOf(words.subList(begin, words.size())));
    }
    words = new ArrayList<>();
  }
}
