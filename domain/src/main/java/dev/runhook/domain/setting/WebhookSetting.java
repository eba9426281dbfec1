package dev.runhook.domain.setting;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.ChangeFilter;
import dev.runhook.domain.filter.ResourceFilter;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.text.Durations;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A setting of a webhook: its name, its form in JSON, its default, the checks of its values, and a
/// help text. Requests, responses, the command line, setup files, the store and the audit log use
/// this definition. The endpoint and the custom headers are not among the settings: whether an
/// endpoint may be called depends on the server, and the values of headers are secret.
///
/// A new filter is a constant here; another setting is also a line in [SettingsPatch#applyTo].
///
/// @param <T> the type of the values
public final class WebhookSetting<T> {
  /// The settings of a webhook for which nothing was chosen, with an example of an endpoint.
  public static final WebhookSettings DEFAULTS =
      WebhookSettings.of(Endpoint.ofStored("https://example.com/"));

  public static final WebhookSetting<String> NAME =
      new WebhookSetting<>(
          "name",
          "The name of the webhook.",
          new SettingType.Text<>(WebhookSettings::requireName, Function.identity()),
          WebhookSettings::name,
          (subscription, ignored) -> subscription);

  public static final WebhookSetting<String> EXTERNAL_ID =
      new WebhookSetting<>(
          "externalId",
          "The ID of the webhook in a tool that manages webhooks.",
          new SettingType.Text<>(WebhookSettings::requireExternalId, Function.identity()),
          WebhookSettings::externalId,
          (subscription, ignored) -> subscription);

  public static final WebhookSetting<Set<RunState>> STATES =
      filter(
          "states",
          "Only these run states.",
          SettingType.Texts.ofSet(SettingType.oneOf(List.of(RunState.values()), Enum::name)),
          Subscription::states,
          Subscription::withStates);

  public static final WebhookSetting<Set<RunType>> TYPES =
      filter(
          "types",
          "Only these run types.",
          SettingType.Texts.ofSet(SettingType.oneOf(List.of(RunType.values()), Enum::name)),
          Subscription::types,
          Subscription::withTypes);

  public static final WebhookSetting<Optional<Boolean>> DRIFT_DETECTION =
      filter(
          "driftDetection",
          "true: only drift detection; false: no drift detection; all: both.",
          new SettingType.Flag(),
          Subscription::driftDetection,
          Subscription::withDriftDetection);

  public static final WebhookSetting<Set<RunState>> PREVIOUS_STATES =
      filter(
          "previousStates",
          "Only runs that come from these states.",
          STATES.type,
          Subscription::previousStates,
          Subscription::withPreviousStates);

  public static final WebhookSetting<BranchFilter> BRANCHES =
      filter(
          "branches",
          "Only these branches, such as main, release/* or !release/old.",
          new SettingType.Texts<>(
              new SettingType.Text<>(
                  pattern -> BranchFilter.of(List.of(pattern)).patterns().getFirst(),
                  Function.identity()),
              BranchFilter::of,
              BranchFilter::patterns),
          Subscription::branches,
          Subscription::withBranches);

  public static final WebhookSetting<Optional<Boolean>> DELTA =
      filter(
          "delta",
          "true: only runs that change resources; false: only the others; all: both.",
          new SettingType.Flag(),
          subscription -> subscription.changes().delta(),
          Subscription::withDelta);

  public static final WebhookSetting<Optional<Integer>> DELETED_AT_LEAST =
      filter(
          "deletedAtLeast",
          "Only runs that delete or replace at least this number of resources.",
          new SettingType.Count(ChangeFilter.MAX_COUNT),
          subscription -> subscription.changes().deletedAtLeast(),
          (subscription, count) ->
              subscription.withChanges(subscription.changes().withDeletedAtLeast(count)));

  public static final WebhookSetting<Optional<Integer>> CHANGED_AT_LEAST =
      filter(
          "changedAtLeast",
          "Only runs that update at least this number of resources.",
          new SettingType.Count(ChangeFilter.MAX_COUNT),
          subscription -> subscription.changes().changedAtLeast(),
          (subscription, count) ->
              subscription.withChanges(subscription.changes().withChangedAtLeast(count)));

  public static final WebhookSetting<ResourceFilter> RESOURCES =
      filter(
          "resources",
          "Only runs that change such resources, such as aws_db_instance or destroy:module.db.*.",
          new SettingType.Texts<>(
              new SettingType.Text<>(
                  pattern -> ResourceFilter.of(List.of(pattern)).patterns().getFirst(),
                  Function.identity()),
              ResourceFilter::of,
              ResourceFilter::patterns),
          subscription -> subscription.changes().resources(),
          (subscription, patterns) ->
              subscription.withChanges(subscription.changes().withResources(patterns)));

  public static final WebhookSetting<Set<String>> STACK_LABELS =
      filter(
          "stackLabels",
          "Only while the stack has all of these labels.",
          new SettingType.Texts<>(
              new SettingType.Text<>(Subscription::requireStackLabel, Function.identity()),
              labels -> Subscription.all().withStackLabels(Set.copyOf(labels)).stackLabels(),
              labels -> labels.stream().sorted().toList()),
          Subscription::stackLabels,
          Subscription::withStackLabels);

  public static final WebhookSetting<Set<Event.Kind>> EVENTS =
      filter(
          "events",
          "The kinds of events, such as webhook_paused.",
          new SettingType.Texts<>(
              SettingType.oneOf(Subscription.ALL_EVENTS, Event.Kind::wireName),
              kinds -> Subscription.all().withEvents(Set.copyOf(kinds)).events(),
              kinds -> kinds.stream().sorted().toList()),
          Subscription::events,
          Subscription::withEvents);

  public static final WebhookSetting<Format> FORMAT =
      delivery(
          "format",
          "The format of the body: "
              + Stream.of(Format.values()).map(Format::wireName).collect(Collectors.joining(", "))
              + ".",
          SettingType.oneOf(List.of(Format.values()), Format::wireName),
          DeliverySettings::format);

  public static final WebhookSetting<Optional<String>> TEMPLATE =
      delivery(
          "template",
          "A Mustache template, for the format template.",
          new SettingType.Text<>(DeliverySettings::requireTemplate, Function.<String>identity())
              .optional(),
          DeliverySettings::template);

  public static final WebhookSetting<Boolean> INCLUDE_CHANGES =
      delivery(
          "includeChanges",
          "true: the format runhook has the list of changed resources; false: it has not.",
          new SettingType.Toggle(),
          DeliverySettings::includeChanges);

  public static final WebhookSetting<Optional<Duration>> TIMEOUT =
      delivery(
          "timeout",
          "The timeout of an attempt, such as 5s.",
          new SettingType.Text<>(
                  text -> DeliverySettings.requireTimeout(Durations.parse(text)),
                  Duration::toString)
              .optional(),
          DeliverySettings::timeout);

  public static final WebhookSetting<Optional<List<Duration>>> RETRY_SCHEDULE =
      delivery(
          "retrySchedule",
          "The delays after failed attempts, such as 10s, 1m or 10m.",
          new SettingType.Texts<>(
              new SettingType.Text<>(
                  text ->
                      DeliverySettings.requireRetryDelays(List.of(Durations.parse(text)))
                          .getFirst(),
                  Duration::toString),
              delays -> Optional.of(DeliverySettings.requireRetryDelays(delays)),
              Optional::orElseThrow),
          DeliverySettings::retryDelays);

  public static final WebhookSetting<Optional<Integer>> MAX_PER_SECOND =
      delivery(
          "maxPerSecond",
          "How many attempts begin in a second, at most.",
          new SettingType.Count(DeliverySettings.MAX_PER_SECOND),
          DeliverySettings::maxPerSecond);

  public static final WebhookSetting<Optional<Integer>> MAX_PER_MINUTE =
      delivery(
          "maxPerMinute",
          "How many attempts begin in a minute, at most.",
          new SettingType.Count(DeliverySettings.MAX_PER_MINUTE),
          DeliverySettings::maxPerMinute);

  public static final WebhookSetting<Boolean> COLLAPSE =
      delivery(
          "collapse",
          "true: after an outage, only the newest state of each run; false: all states.",
          new SettingType.Toggle(),
          DeliverySettings::collapse);

  /// All settings, in the order of the API description.
  public static final List<WebhookSetting<?>> ALL =
      List.of(
          NAME,
          EXTERNAL_ID,
          STATES,
          TYPES,
          DRIFT_DETECTION,
          PREVIOUS_STATES,
          BRANCHES,
          DELTA,
          DELETED_AT_LEAST,
          CHANGED_AT_LEAST,
          RESOURCES,
          STACK_LABELS,
          EVENTS,
          FORMAT,
          TEMPLATE,
          INCLUDE_CHANGES,
          TIMEOUT,
          RETRY_SCHEDULE,
          MAX_PER_SECOND,
          MAX_PER_MINUTE,
          COLLAPSE);

  private final String name;
  private final String help;
  private final SettingType<T> type;
  private final Function<WebhookSettings, T> getter;
  private final BiFunction<Subscription, T, Subscription> setter;

  private WebhookSetting(
      String name,
      String help,
      SettingType<T> type,
      Function<WebhookSettings, T> getter,
      BiFunction<Subscription, T, Subscription> setter) {
    this.name = name;
    this.help = help;
    this.type = type;
    this.getter = getter;
    this.setter = setter;
  }

  private static <T> WebhookSetting<T> filter(
      String name,
      String help,
      SettingType<T> type,
      Function<Subscription, T> getter,
      BiFunction<Subscription, T, Subscription> setter) {
    return new WebhookSetting<>(
        name, help, type, settings -> getter.apply(settings.subscription()), setter);
  }

  private static <T> WebhookSetting<T> delivery(
      String name, String help, SettingType<T> type, Function<DeliverySettings, T> getter) {
    return new WebhookSetting<>(
        name,
        help,
        type,
        settings -> getter.apply(settings.delivery()),
        (subscription, ignored) -> subscription);
  }

  /// Returns its name in JSON.
  public String name() {
    return name;
  }

  /// Returns a sentence for users about its values.
  public String help() {
    return help;
  }

  public SettingType<T> type() {
    return type;
  }

  public T get(WebhookSettings settings) {
    return getter.apply(settings);
  }

  /// Returns a subscription with the value, if this setting is a filter; otherwise the same.
  Subscription set(Subscription subscription, T value) {
    return setter.apply(subscription, value);
  }

  /// Returns the value of a webhook for which it was not chosen.
  public T defaultValue() {
    return get(DEFAULTS);
  }

  /// Returns whether both webhooks have the same value.
  public boolean isSame(WebhookSettings first, WebhookSettings second) {
    return get(first).equals(get(second));
  }

  /// Returns the value for people: `(default)`, a text, or texts with commas.
  public String show(WebhookSettings settings) {
    Object value = isSame(settings, DEFAULTS) ? null : json(settings);
    return switch (value) {
      case null -> "(default)";
      case Collection<?> items ->
          items.stream().map(String::valueOf).collect(Collectors.joining(", "));
      default -> value.toString();
    };
  }

  /// Returns all settings in their form in JSON. Null means that the server's value applies, or
  /// that there is none.
  public static Map<String, @Nullable Object> write(WebhookSettings settings) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    ALL.forEach(setting -> json.put(setting.name, setting.json(settings)));
    return json;
  }

  /// Returns the settings that differ from their defaults, in their form in JSON.
  public static Map<String, Object> writeChosen(WebhookSettings settings) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (WebhookSetting<?> setting : ALL) {
      Object value = setting.json(settings);
      if (value != null && !setting.isSame(settings, DEFAULTS)) {
        json.put(setting.name, value);
      }
    }
    return json;
  }

  private @Nullable Object json(WebhookSettings settings) {
    T value = get(settings);
    return value instanceof Optional<?> optional && optional.isEmpty() ? null : type.write(value);
  }

  @Override
  public String toString() {
    return name;
  }
}
