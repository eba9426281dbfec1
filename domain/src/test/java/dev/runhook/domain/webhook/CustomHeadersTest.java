package dev.runhook.domain.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretDecryptionException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomHeadersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Api-Key",
        "Authorization",
        "Cookie",
        "x",
        "Accept",
        "X-Signature-Extra",
        "a!#$%&'*+.^_`|~-1"
      })
  void a_valid_custom_header_is_accepted(String name) {
    assertThat(one(name, "value").headers()).containsExactly(new Header(name, "value"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "transfer-encoding",
        "Upgrade",
        "Expect",
        "Date",
        "Via",
        "HTTP2-Settings",
        "Content-Length",
        "Content-Type",
        "content-encoding",
        "Proxy-Authorization",
        "User-Agent",
        "X-Signature",
        "x-signature-256",
        "Webhook-Id",
        "webhook-signature",
        "X-Runhook-Delivery",
        "X-RUNHOOK-foo"
      })
  void headers_that_frame_the_message_or_are_set_by_runhook_are_refused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> one(name, "value"))
        .withMessageContaining("is reserved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a:", "a\r\nb", "ä", "a(b)", "a\u0000", "\"a\"", "a/b"})
  void a_name_is_a_token(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> one(name, "value"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "~", "\"quoted\"", "a:b;c=d"})
  void a_value_may_contain_visible_ascii_and_spaces(String value) {
    assertThat(one("x", value).headers().getFirst().value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Evil: 1", "a\n", "a\r", "a\tb", "\u0000", "\u007f", "ü", "🚀"})
  void any_other_value_is_refused_and_not_quoted(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> one("x", value))
        .withMessageNotContaining(value);
  }

  @Test
  void to_string_hides_the_values() {
    assertThat(one("X-Api-Key", "hunter2").toString())
        .contains("X-Api-Key")
        .doesNotContain("hunter2");
  }

  @Test
  void a_value_has_at_most_4096_characters() {
    assertThat(one("x", "v".repeat(4096)).headers()).hasSize(1);
    assertThatIllegalArgumentException().isThrownBy(() -> one("x", "v".repeat(4097)));
  }

  @Test
  void at_most_20_headers_are_accepted() {
    assertThat(new CustomHeaders(many(20)).headers()).hasSize(20);
    assertThatIllegalArgumentException().isThrownBy(() -> new CustomHeaders(many(21)));
  }

  @Test
  void a_name_may_occur_only_once_regardless_of_case() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new CustomHeaders(List.of(new Header("X-Key", "1"), new Header("x-key", "2"))))
        .withMessageContaining("twice");
  }

  @Test
  void undecryptable_headers_report_the_cause_when_they_are_read() {
    CustomHeaders lost = CustomHeaders.undecryptable("the key is not configured");

    assertThatThrownBy(lost::headers)
        .isInstanceOf(SecretDecryptionException.class)
        .hasMessage("the key is not configured");
    assertThat(lost.isDecrypted()).isFalse();
    assertThat(lost.decryptionError()).contains("the key is not configured");
    assertThat(lost)
        .isEqualTo(CustomHeaders.undecryptable("the key is not configured"))
        .isNotEqualTo(CustomHeaders.none());
    assertThat(CustomHeaders.none().decryptionError()).isEmpty();
  }

  private static CustomHeaders one(String name, String value) {
    return new CustomHeaders(List.of(new Header(name, value)));
  }

  private static List<Header> many(int count) {
    return IntStream.range(0, count).mapToObj(number -> new Header("x-" + number, "v")).toList();
  }
}
