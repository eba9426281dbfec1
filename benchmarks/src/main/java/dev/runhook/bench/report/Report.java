package dev.runhook.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The result of one benchmark: tables for people, and JSON with every round for programs.
public final class Report {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final String name;
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<Map<String, Object>> rounds = new ArrayList<>();
  private final List<String> text = new ArrayList<>();
  private final List<String> disturbances = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final PrintWriter log;

  /// @param log receives a line for each step
  public Report(String name, PrintWriter log) {
    this.name = name;
    this.log = log;
    facts.put("bench", name);
  }

  /// Writes a line about the progress to the log.
  public void progress(String line) {
    log.println("bench " + name + ": " + line);
    log.flush();
  }

  /// Adds a fact about the whole benchmark, such as the machine.
  public Report fact(String key, Object value) {
    facts.put(key, value);
    return this;
  }

  /// Adds the figures of one round.
  public Report round(Map<String, Object> figures) {
    rounds.add(new LinkedHashMap<>(figures));
    return this;
  }

  /// Adds text or a table, which is printed after the facts.
  public Report paragraph(Object paragraph) {
    text.add(paragraph.toString());
    return this;
  }

  /// Marks all figures as disturbed.
  ///
  /// @param cause a statement such as "the load before was 1.2"
  public Report disturbance(String cause) {
    progress("the figures are disturbed: " + cause);
    disturbances.add(cause);
    return this;
  }

  /// Adds a delivery that was not made as required.
  public Report failure(String problem) {
    progress(problem);
    failures.add(problem);
    return this;
  }

  public boolean hasFailures() {
    return !failures.isEmpty();
  }

  public void print(PrintWriter out) {
    out.printf("%n== bench %s%n", name);
    facts.forEach((key, value) -> {
      if (!key.equals("bench")) {
        out.printf("%s: %s%n", key, value);
      }
    });
    out.printf("%n%s", text());
    out.flush();
  }

  public String toJson() {
    Map<String, Object> all = new LinkedHashMap<>(facts);
    all.put("disturbances", disturbances);
    all.put("failures", failures);
    all.put("rounds", rounds);
    if (!disturbances.isEmpty()) {
      rounds.forEach(figures -> figures.put("disturbed", true));
    }
    try {
      return JSON.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns the failures and the paragraphs. If the figures are disturbed, each paragraph says so.
  private String text() {
    String mark =
        disturbances.isEmpty() ? "" : "DISTURBED: " + String.join("; ", disturbances) + "\n\n";
    StringBuilder all = new StringBuilder();
    failures.forEach(failure -> all.append("FAILED: ").append(failure).append("\n\n"));
    text.forEach(paragraph -> all.append(mark).append(paragraph).append("\n\n"));
    return all.toString().strip() + "\n";
  }

  /// Writes `<name>.json` and `<name>.md` into the folder.
  public void save(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name + ".json"), toJson() + "\n");
      Files.writeString(folder.resolve(name + ".md"), text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
