package dev.runhook.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void changing_the_source_array_does_not_change_the_payload() {
    byte[] bytes = {1, 2, 3};
    Payload payload = Payload.of(bytes);

    bytes[0] = 9;

    assertThat(payload.bytes()).containsExactly(1, 2, 3);
  }

  @Test
  void changing_the_returned_array_does_not_change_the_payload() {
    Payload payload = Payload.of(new byte[] {1, 2, 3});

    payload.bytes()[0] = 9;

    assertThat(payload.bytes()).containsExactly(1, 2, 3);
  }

  @Test
  void payloads_with_the_same_bytes_are_equal() {
    Payload payload = Payload.of("{}");

    assertThat(payload).isEqualTo(Payload.of("{}")).hasSameHashCodeAs(Payload.of("{}"));
    assertThat(payload).isNotEqualTo(Payload.of("{ }"));
  }

  @Test
  void the_text_is_encoded_as_utf_8() {
    Payload payload = Payload.of("ü🚀");

    assertThat(payload.bytes()).isEqualTo("ü🚀".getBytes(StandardCharsets.UTF_8));
    assertThat(payload.length()).isEqualTo(6);
    assertThat(payload.text()).isEqualTo("ü🚀");
  }

  @Test
  void to_string_hides_the_payload() {
    assertThat(Payload.of("secret")).hasToString("6 bytes");
  }
}
