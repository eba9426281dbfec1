package dev.runhook.domain.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.ResourceFilter;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WebhookSettingTest {
  private static final SettingsPatch ALL_CHOSEN =
      SettingsPatch.empty()
          .with(WebhookSetting.NAME, "chat")
          .with(WebhookSetting.STATES, Set.of(RunState.FINISHED, RunState.FAILED))
          .with(WebhookSetting.TYPES, Set.of(RunType.TRACKED))
          .with(WebhookSetting.DRIFT_DETECTION, Optional.of(false))
          .with(WebhookSetting.PREVIOUS_STATES, Set.of(RunState.APPLYING))
          .with(WebhookSetting.BRANCHES, BranchFilter.of(List.of("main", "!old")))
          .with(WebhookSetting.DELTA, Optional.of(true))
          .with(WebhookSetting.DELETED_AT_LEAST, Optional.of(1))
          .with(WebhookSetting.CHANGED_AT_LEAST, Optional.of(20))
          .with(WebhookSetting.RESOURCES, ResourceFilter.of(List.of("destroy:a.*", "b")))
          .with(WebhookSetting.STACK_LABELS, Set.of("prod", "eu"))
          .with(WebhookSetting.EVENTS, Set.of(Event.Kind.WEBHOOK_PAUSED))
          .with(WebhookSetting.FORMAT, Format.TEMPLATE)
          .with(WebhookSetting.TEMPLATE, Optional.of("{}"))
          .with(WebhookSetting.INCLUDE_CHANGES, true)
          .with(WebhookSetting.TIMEOUT, Optional.of(Duration.ofMillis(1500)))
          .with(WebhookSetting.RETRY_SCHEDULE, Optional.of(List.of(Duration.ofSeconds(90))))
          .with(WebhookSetting.EXTERNAL_ID, "chat-1")
          .with(WebhookSetting.MAX_PER_SECOND, Optional.of(5))
          .with(WebhookSetting.MAX_PER_MINUTE, Optional.of(90))
          .with(WebhookSetting.COLLAPSE, true);

  static List<WebhookSetting<?>> settings() {
    return WebhookSetting.ALL;
  }

  @ParameterizedTest
  @MethodSource("settings")
  void each_setting_is_read_as_it_was_written(WebhookSetting<?> setting) {
    WebhookSettings chosen = ALL_CHOSEN.applyTo(WebhookSetting.DEFAULTS);
    Map<String, Object> written = WebhookSetting.writeChosen(chosen);

    assertThat(setting.isSame(chosen, WebhookSetting.DEFAULTS)).isFalse();
    assertThat(written).containsKey(setting.name());
    assertThat(setting.isSame(read(written), chosen)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void a_patch_changes_only_its_settings(WebhookSetting<?> setting) {
    Map<String, Object> written =
        WebhookSetting.writeChosen(ALL_CHOSEN.applyTo(WebhookSetting.DEFAULTS));
    if (setting == WebhookSetting.TEMPLATE || setting == WebhookSetting.FORMAT) {
      written.keySet().retainAll(List.of("template", "format")); // each needs the other
    } else {
      written.keySet().retainAll(List.of(setting.name()));
    }

    assertThat(WebhookSetting.writeChosen(read(written))).isEqualTo(written);
  }

  @Test
  void values_are_written_as_json() {
    assertThat(WebhookSetting.write(ALL_CHOSEN.applyTo(WebhookSetting.DEFAULTS)).toString())
        .isEqualTo(
            "{name=chat, externalId=chat-1, states=[FINISHED, FAILED], types=[TRACKED], driftDetection=false,"
                + " previousStates=[APPLYING], branches=[!old, main], delta=true, deletedAtLeast=1,"
                + " changedAtLeast=20, resources=[b, destroy:a.*],"
                + " stackLabels=[eu, prod], events=[webhook_paused], format=template, template={}, includeChanges=true,"
                + " timeout=PT1.5S, retrySchedule=[PT1M30S], maxPerSecond=5, maxPerMinute=90,"
                + " collapse=true}");
  }

  @Test
  void a_webhook_without_choices_stores_nothing() {
    assertThat(WebhookSetting.writeChosen(WebhookSetting.DEFAULTS)).isEmpty();
    assertThat(read(Map.of())).isEqualTo(WebhookSetting.DEFAULTS);
  }

  @Test
  void a_format_without_a_template_removes_it() {
    WebhookSettings templated = ALL_CHOSEN.applyTo(WebhookSetting.DEFAULTS);
    SettingsPatch patch = SettingsPatch.empty().with(WebhookSetting.FORMAT, Format.SLACK);

    assertThat(patch.applyTo(templated).delivery().template()).isEmpty();
  }

  @Test
  void settings_of_a_later_version_are_named_and_the_others_are_read() {
    WebhookSettings restored =
        SettingsPatch.restore(
            Map.of("onlyOnFridays", true, "format", "xml", "name", "chat", "delta", "some"),
            WebhookSetting.DEFAULTS);

    assertThat(restored.headers().decryptionError())
        .hasValueSatisfying(
            error -> assertThat(error).contains("the settings delta, format, onlyOnFridays of"));
    assertThat(WebhookSetting.writeChosen(restored)).isEqualTo(Map.of("name", "chat"));
  }

  @Test
  void an_unknown_constant_is_answered_with_the_known_ones() {
    assertThatThrownBy(() -> WebhookSetting.FORMAT.type().read("xml"))
        .hasMessage("must be one of runhook, cloudevents, slack, msteams, pagerduty, template");
  }

  private static WebhookSettings read(Map<String, Object> json) {
    WebhookSettings restored = SettingsPatch.restore(json, WebhookSetting.DEFAULTS);
    assertThat(restored.headers().isDecrypted()).isTrue();
    return restored;
  }
}
