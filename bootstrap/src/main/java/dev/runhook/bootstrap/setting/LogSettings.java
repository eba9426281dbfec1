package dev.runhook.bootstrap.setting;

/// The format and level of the log.
public record LogSettings(Format format, Level level) {
  public enum Format {
    TEXT,
    JSON
  }

  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }
}
