package dev.runhook.domain.webhook;

import dev.runhook.domain.event.Format;
import dev.runhook.domain.text.Durations;
import dev.runhook.domain.text.TextLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How events are sent to a webhook. The timeout and the retry schedule are the server's, unless
/// the webhook has its own; the limits also apply to the server's. All durations are whole
/// milliseconds.
///
/// @param template a Mustache template of at most [#MAX_TEMPLATE] characters; present if the format
///   is [Format#TEMPLATE]
/// @param includeChanges whether [Format#RUNHOOK] has the list of changed resources
/// @param timeout the timeout of one attempt, [#MIN_TIMEOUT] to [#MAX_TIMEOUT]; absent for the
///   server's
/// @param retryDelays the delays after the 1st, 2nd … failed attempt: at most [#MAX_DELAYS], each
///   from 0 to [#MAX_DELAY]; absent for the server's, empty to disable retries
/// @param maxPerSecond how many attempts begin in a second, 1 to [#MAX_PER_SECOND]; absent for the
///   limit of the format
/// @param maxPerMinute the same for a minute, 1 to [#MAX_PER_MINUTE]
/// @param collapse whether a transition replaces the earlier ones of its run that wait because the
///   receiver could not be reached
public record DeliverySettings(
    Format format,
    Optional<String> template,
    boolean includeChanges,
    Optional<Duration> timeout,
    Optional<List<Duration>> retryDelays,
    Optional<Integer> maxPerSecond,
    Optional<Integer> maxPerMinute,
    boolean collapse) {
  public static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
  public static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

  public static final int MAX_TEMPLATE = 16_384;
  public static final int MAX_DELAYS = 500;
  public static final Duration MAX_DELAY = Duration.ofDays(7);
  public static final int MAX_PER_SECOND = 1_000;
  public static final int MAX_PER_MINUTE = 60_000;

  /// The attempts that may begin in this time may begin at once. A shorter time would need more
  /// claims.
  public static final Duration BURST = Duration.ofMillis(100);

  private static final int NANOS_PER_MILLI = 1_000_000;

  public DeliverySettings {
    if (template.isPresent() != (format == Format.TEMPLATE)) {
      throw new IllegalArgumentException(
          template.isPresent()
              ? "only the format template has a template"
              : "the format template requires a template");
    }
    template.ifPresent(DeliverySettings::requireTemplate);
    timeout.ifPresent(DeliverySettings::requireTimeout);
    retryDelays = retryDelays.map(DeliverySettings::requireRetryDelays);
    maxPerSecond.ifPresent(rate -> requireRate(rate, MAX_PER_SECOND));
    maxPerMinute.ifPresent(rate -> requireRate(rate, MAX_PER_MINUTE));
  }

  /// Creates settings for Runhook's own format.
  public DeliverySettings(Optional<Duration> timeout, Optional<List<Duration>> retryDelays) {
    this(
        Format.RUNHOOK,
        Optional.empty(),
        false,
        timeout,
        retryDelays,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /// Returns the settings that use the server's values and Runhook's own format.
  public static DeliverySettings defaults() {
    return new DeliverySettings(Optional.empty(), Optional.empty());
  }

  /// Returns settings for a format that needs no template.
  public DeliverySettings withFormat(Format format) {
    return new DeliverySettings(
        format,
        Optional.empty(),
        includeChanges,
        timeout,
        retryDelays,
        maxPerSecond,
        maxPerMinute,
        collapse);
  }

  /// Returns settings for the format [Format#TEMPLATE].
  public DeliverySettings withTemplate(String template) {
    return new DeliverySettings(
        Format.TEMPLATE,
        Optional.of(template),
        includeChanges,
        timeout,
        retryDelays,
        maxPerSecond,
        maxPerMinute,
        collapse);
  }

  /// Returns settings with limits of the rate.
  public DeliverySettings withRate(Optional<Integer> perSecond, Optional<Integer> perMinute) {
    return new DeliverySettings(
        format, template, includeChanges, timeout, retryDelays, perSecond, perMinute, collapse);
  }

  public DeliverySettings withCollapse(boolean collapse) {
    return new DeliverySettings(
        format,
        template,
        includeChanges,
        timeout,
        retryDelays,
        maxPerSecond,
        maxPerMinute,
        collapse);
  }

  /// Returns the time between the beginnings of two attempts: the longer one if both rates are
  /// limited, and that of the format if none is. Empty if there is no limit.
  public Optional<Duration> interval() {
    if (maxPerSecond.isEmpty() && maxPerMinute.isEmpty()) {
      return format.interval();
    }
    Duration bySecond = maxPerSecond.map(Duration.ofSeconds(1)::dividedBy).orElse(Duration.ZERO);
    Duration byMinute = maxPerMinute.map(Duration.ofMinutes(1)::dividedBy).orElse(Duration.ZERO);
    return Optional.of(bySecond.compareTo(byMinute) > 0 ? bySecond : byMinute);
  }

  /// Returns settings for payloads with or without the list of changed resources.
  public DeliverySettings withIncludeChanges(boolean include) {
    return new DeliverySettings(
        format, template, include, timeout, retryDelays, maxPerSecond, maxPerMinute, collapse);
  }

  /// Returns whether both settings send the same for an event.
  public boolean rendersLike(DeliverySettings other) {
    return format == other.format
        && template.equals(other.template)
        && includeChanges == other.includeChanges;
  }

  /// Returns the template.
  ///
  /// @throws IllegalArgumentException if it is blank, too long or cannot be stored
  public static String requireTemplate(String template) {
    TextLimits.requireNonBlank("a template", template, MAX_TEMPLATE);
    return template;
  }

  /// Returns the timeout.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public static Duration requireTimeout(Duration timeout) {
    check("a timeout", timeout, MIN_TIMEOUT, MAX_TIMEOUT);
    return timeout;
  }

  /// Returns the retry schedule.
  ///
  /// @throws IllegalArgumentException if the schedule is too long or a delay is out of range
  public static List<Duration> requireRetryDelays(List<Duration> delays) {
    if (delays.size() > MAX_DELAYS) {
      throw new IllegalArgumentException(
          "a retry schedule has at most " + MAX_DELAYS + " delays, not " + delays.size());
    }
    delays.forEach(delay -> check("a retry delay", delay, Duration.ZERO, MAX_DELAY));
    return List.copyOf(delays);
  }

  private static void requireRate(int rate, int max) {
    if (rate < 1 || rate > max) {
      throw new IllegalArgumentException("a rate must be from 1 to " + max);
    }
  }

  private static void check(String what, Duration duration, Duration min, Duration max) {
    if (duration.compareTo(min) < 0
        || duration.compareTo(max) > 0
        || duration.toNanosPart() % NANOS_PER_MILLI != 0) {
      throw new IllegalArgumentException(
          "%s must be from %s to %s, in whole milliseconds"
              .formatted(what, Durations.format(min), Durations.format(max)));
    }
  }
}
