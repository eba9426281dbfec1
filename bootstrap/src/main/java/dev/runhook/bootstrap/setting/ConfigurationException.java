package dev.runhook.bootstrap.setting;

import java.io.Serial;
import java.util.List;

/// Runhook cannot run with this configuration. Each problem is one line that says what is wrong and
/// how to fix it.
public final class ConfigurationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  public ConfigurationException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public ConfigurationException(String problem) {
    this(List.of(problem));
  }

  public List<String> problems() {
    return problems;
  }
}
