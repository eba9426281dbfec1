package dev.runhook.domain.text;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A statement that says why a delivery has its status, or why there is none. Programs use the code
/// and the parameters; [#text] is for people.
///
/// @param values the values of the code's parameters, in their order
public record Explanation(Code code, List<String> values) {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  public Explanation {
    values = List.copyOf(values);
    if (values.size() != code.parameters().size()) {
      throw new IllegalArgumentException(
          code + " has the parameters " + code.parameters() + ", but got " + values.size());
    }
  }

  /// The kinds of statements, with the names of their parameters in braces. Some are stored: keep
  /// the codes, and the order of their parameters.
  public enum Code {
    CREATED("created at {at} for {state}, version {version} of run {run}"),
    PING_CREATED("created at {at} for a ping"),
    TEST_CREATED("created at {at} for a test event"),
    EVENT_CREATED("created at {at} for the event {event}"),
    REDELIVERY("redelivery of {delivery}"),
    ATTEMPTS_OMITTED("omitted here: the attempts up to number {number}"),
    WAITED_LANE(
        "waited until {until} for version {version} ({state}) of run {run}, delivery {delivery}"),
    WAITED_PAUSED("waited because the webhook was paused from {since} to {until}"),
    WAITED_DISABLED("waited because the webhook was disabled from {since} to {until}"),
    ATTEMPT_DELIVERED("attempt {number} at {at} ended in {outcome}"),
    ATTEMPT_FAILED("attempt {number} at {at} ended in {outcome}: {error}"),
    ATTEMPT_RETRIED(
        "attempt {number} at {at} ended in {outcome}: {error}; next attempt after {delay}"),
    DELIVERED("delivered on attempt {number}"),
    FAILED("failed permanently after attempt {number}; later deliveries are still sent"),
    CANCELED_BY("canceled at {at} by {by}"),
    CANCELED_BECAUSE("canceled at {at} by {by}: {reason}"),
    SUPERSEDED(
        "replaced at {at} by a later state of the run, because the receiver could not be reached"),
    CANCELED("canceled by a user, or replaced by a later state of the run"),
    DELETION("not delivered, because the webhook was deleted"),
    SENDING("is being sent: attempt {number} is in flight"),
    UNCLAIMED("due since {at}, but no process has claimed it yet"),
    RATE_LIMITED("due since {at}; the next attempt begins when the rate of the webhook allows it"),
    DUE("due at {at}"),
    LANE(
        "waits for an earlier delivery to this webhook, of the same run or about the same webhook"),
    LANE_HEAD_DUE(
        "waits for version {version} ({state}) of run {run}, delivery {delivery}, which is in flight"
            + " or due at {at} (attempts: {attempts})"),
    LANE_HEAD_WAITING(
        "waits for version {version} ({state}) of run {run}, delivery {delivery}, which waits as well"
            + " (attempts: {attempts})"),
    LANE_EVENT_DUE(
        "waits for the event {event} about the same webhook, delivery {delivery}, which is in flight or"
            + " due at {at} (attempts: {attempts})"),
    LANE_EVENT_WAITING(
        "waits for the event {event} about the same webhook, delivery {delivery}, which waits as well"
            + " (attempts: {attempts})"),
    PAUSED(
        "waits because the webhook has been paused since {since}, after {failures} consecutive failed"
            + " attempts ({lastError}); next probe at {nextProbeAt}"),
    DISABLED("waits because the webhook was disabled at {since} by {by}"),
    DISABLED_BY_RECEIVER(
        "waits because the webhook was disabled at {since}: the receiver responded with 410 Gone"),
    SAME_ENDPOINT("{count} webhooks of the stack have this endpoint, and each got a delivery"),
    WEBHOOK_DELETED("the webhook was deleted at {at}"),
    PAYLOAD_ERASED("the payload was erased on request; its SHA-256 was {sha256}"),
    SKIPPED_DISABLED("not sent: the webhook was disabled at {since} by {by}"),
    SKIPPED_DISABLED_BY_RECEIVER(
        "not sent: the webhook was disabled at {since}, because the receiver responded with 410 Gone"),
    SKIPPED_EVENT("not sent: the webhook wants only the events {wanted}, but this is {event}"),
    SKIPPED_STATE("not sent: the webhook wants only the states {wanted}, but this is {state}"),
    SKIPPED_FORMAT("not sent: the format {format} has no message for {event}"),
    SKIPPED_TYPE("not sent: the webhook wants only runs of the types {wanted}, but this is {type}"),
    SKIPPED_NO_DRIFT_DETECTION(
        "not sent: the webhook wants only runs that detect drift, but this one does not"),
    SKIPPED_DRIFT_DETECTION(
        "not sent: the webhook does not want runs that detect drift, but this one does"),
    SKIPPED_PREVIOUS_STATE(
        "not sent: the webhook wants only runs that come from the states {wanted}, but this one was in"
            + " {previous}"),
    SKIPPED_FIRST_STATE(
        "not sent: the webhook wants only runs that come from the states {wanted}, but this is the"
            + " first state of the run"),
    SKIPPED_BRANCH(
        "not sent: the webhook wants only the branches {wanted}, but this run is on {branch}"),
    SKIPPED_BRANCH_EXCLUDED(
        "not sent: the webhook excludes branches with {pattern}, and this run is on {branch}"),
    SKIPPED_NO_CHANGES(
        "not sent: the webhook wants only runs that change resources, but this one changes none"),
    SKIPPED_CHANGES(
        "not sent: the webhook wants only runs that change no resources, but this one adds {added},"
            + " changes {changed} and deletes {deleted}"),
    SKIPPED_DELTA_UNKNOWN(
        "not sent: the webhook filters by delta ({wanted}), but none was reported for this run yet"),
    SKIPPED_DELETED_COUNT(
        "not sent: the run deletes {deleted} resources; the webhook wants at least {wanted}"),
    SKIPPED_CHANGED_COUNT(
        "not sent: the run updates {changed} resources; the webhook wants at least {wanted}"),
    SKIPPED_COUNTS_UNKNOWN(
        "not sent: the webhook wants at least {wanted} deleted or changed resources, but neither changes"
            + " nor a delta was reported for this run yet"),
    SKIPPED_RESOURCES(
        "not sent: the webhook wants only changes of {wanted}, but none of the {count} changes that were"
            + " reported matches"),
    SKIPPED_RESOURCES_UNKNOWN(
        "not sent: the webhook wants only changes of {wanted}, but this transition was reported without"
            + " a list of changes"),
    SKIPPED_STACK_LABELS(
        "not sent: the webhook wants only stacks with certain labels, but this one lacks {missing}"),
    SKIPPED_SELECTOR("not sent: the selector of the account webhook does not match the stack"),
    CREATED_LATER("not sent: the webhook was created later, at {at}"),
    EXPIRED("unknown: retention has removed the delivery, or the reason why there was none");

    private final String template;

    Code(String template) {
      this.template = template;
    }

    /// Returns the text with the names of the parameters in braces.
    public String template() {
      return template;
    }

    /// Returns whether this says why a webhook was skipped, and is stored with the event.
    public boolean isSkip() {
      return name().startsWith("SKIPPED_");
    }

    private List<String> parameters() {
      return PARAMETER.matcher(template).results().map(result -> result.group(1)).toList();
    }

    /// Returns this statement with the values of its parameters, in their order. Times get
    /// milliseconds.
    public Explanation with(Object... values) {
      return new Explanation(
          this,
          Stream.of(values)
              .map(value -> value instanceof Instant time ? TIME.format(time) : value.toString())
              .toList());
    }
  }

  /// Returns the values by name, in the order of the parameters.
  public Map<String, String> params() {
    List<String> names = code.parameters();
    Map<String, String> params = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      params.put(names.get(i), values.get(i));
    }
    return params;
  }

  /// Returns a sentence or clause in English.
  public String text() {
    Map<String, String> params = params();
    return PARAMETER
        .matcher(code.template)
        .replaceAll(result -> Matcher.quoteReplacement(params.getOrDefault(result.group(1), "")));
  }
}
