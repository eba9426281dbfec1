package dev.runhook.bootstrap.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a process printed so far. Thread-safe.
final class Output {
  private final List<String> lines = new ArrayList<>();
  private final AtomicBoolean ended = new AtomicBoolean();

  private Output() {}

  static Output of(InputStream stream) {
    Output output = new Output();
    // a read of a pipe holds its carrier: two of them and no virtual thread runs on two cores
    Thread.ofPlatform().daemon().start(() -> output.readAll(stream));
    return output;
  }

  /// Whether nothing more will come.
  boolean hasEnded() {
    return ended.get();
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  String text() {
    return String.join("\n", lines());
  }

  /// The lines in which the pattern is found, as matches.
  Stream<Matcher> find(Pattern pattern) {
    return lines().stream().map(pattern::matcher).filter(Matcher::find);
  }

  private void readAll(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException _) {
      add("(the rest could not be read)");
    } finally {
      ended.set(true);
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
  }
}
