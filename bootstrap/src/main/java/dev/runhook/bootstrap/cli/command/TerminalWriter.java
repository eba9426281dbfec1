package dev.runhook.bootstrap.cli.command;

import dev.runhook.domain.text.Printable;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Escapes the characters with which text could control a terminal or look like other text, except
/// the line breaks of commands. JSON and YAML have the same escapes, so that their values are
/// unchanged.
final class TerminalWriter extends FilterWriter {
  private TerminalWriter(Writer out) {
    super(out);
  }

  /// Returns a writer that flushes at the end of each line.
  static PrintWriter to(PrintWriter out) {
    return new PrintWriter(new TerminalWriter(out), true);
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    String part = text.substring(offset, offset + length);
    out.write(
        Arrays.stream(part.split("\n", -1))
            .map(Printable::escape)
            .collect(Collectors.joining("\n")));
  }

  @Override
  public void write(char[] buffer, int offset, int length) throws IOException {
    write(new String(buffer, offset, length));
  }

  @Override
  public void write(int character) throws IOException {
    write(Character.toString(character));
  }
}
