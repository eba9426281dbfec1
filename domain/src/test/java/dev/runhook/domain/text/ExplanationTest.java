package dev.runhook.domain.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.text.Explanation.Code;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplanationTest {
  private static final Instant NOON = Instant.parse("2026-03-14T12:00:00Z");

  @Test
  void a_statement_has_its_values_by_name_and_in_its_text() {
    Explanation explanation = Code.CREATED.with(NOON.plusNanos(1), "QUEUED", 1, "$1 {at} \\");

    assertThat(explanation.params())
        .hasToString("{at=2026-03-14T12:00:00.000Z, state=QUEUED, version=1, run=$1 {at} \\}");
    assertThat(explanation.text())
        .isEqualTo("created at 2026-03-14T12:00:00.000Z for QUEUED, version 1 of run $1 {at} \\");
  }

  @Test
  void a_statement_about_a_disabled_webhook_says_since_when_and_by_whom() {
    assertThat(Code.DISABLED.with(NOON, "Ada").text())
        .isEqualTo("waits because the webhook was disabled at 2026-03-14T12:00:00.000Z by Ada");
    assertThat(Code.SKIPPED_DISABLED.with(NOON, "Ada").text())
        .isEqualTo("not sent: the webhook was disabled at 2026-03-14T12:00:00.000Z by Ada");
  }

  @Test
  void a_statement_without_one_of_its_values_is_rejected() {
    assertThatThrownBy(() -> Code.SKIPPED_STATE.with("FAILED"))
        .hasMessage("SKIPPED_STATE has the parameters [wanted, state], but got 1");
  }

  @ParameterizedTest
  @EnumSource
  void the_parameters_of_a_code_have_different_names(Code code) {
    long braces = code.template().chars().filter(each -> each == '{').count();
    Explanation explanation =
        code.with(code.template().chars().filter(each -> each == '{').boxed().toArray());

    assertThat(explanation.params()).hasSize((int) braces);
    assertThat(explanation.text()).doesNotContain("{");
  }
}
