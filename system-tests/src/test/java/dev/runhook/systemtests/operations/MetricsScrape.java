package dev.runhook.systemtests.operations;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The response of `/metrics`: the names of the series and their labels.
record MetricsScrape(String text, Map<String, Set<String>> labels) {
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  static MetricsScrape parse(String text) {
    Map<String, Set<String>> labels = new TreeMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .forEach(sample ->
            labels
                .computeIfAbsent(sample.group(1), _ -> new HashSet<>())
                .addAll(labels(sample.group(2))));
    return new MetricsScrape(text, labels);
  }

  private static Set<String> labels(@Nullable String text) {
    Set<String> labels = new HashSet<>();
    if (text != null) {
      Matcher label = LABEL.matcher(text);
      while (label.find()) {
        labels.add(label.group(1));
      }
    }
    return labels;
  }

  /// The sum of all samples of a series that contain these labels, in Prometheus notation.
  double sum(String name, String... labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Arrays.stream(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
