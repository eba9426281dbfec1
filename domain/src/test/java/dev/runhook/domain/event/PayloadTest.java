package dev.runhook.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void what_went_in_cannot_be_changed_from_outside() {
    byte[] bytes = {1, 2, 3};
    Payload payload = Payload.of(bytes);

    bytes[0] = 9;

    assertThat(payload.bytes()).containsExactly(1, 2, 3);
  }

  @Test
  void what_came_out_does_not_change_it() {
    Payload payload = Payload.of(new byte[] {1, 2, 3});

    payload.bytes()[0] = 9;

    assertThat(payload.bytes()).containsExactly(1, 2, 3);
  }

  @Test
  void payloads_are_equal_by_their_bytes() {
    Payload payload = Payload.of("{}");

    assertThat(payload).isEqualTo(Payload.of("{}")).hasSameHashCodeAs(Payload.of("{}"));
    assertThat(payload).isNotEqualTo(Payload.of("{ }"));
  }

  @Test
  void text_is_utf_8() {
    Payload payload = Payload.of("ü🚀");

    assertThat(payload.bytes()).isEqualTo("ü🚀".getBytes(StandardCharsets.UTF_8));
    assertThat(payload.length()).isEqualTo(6);
    assertThat(payload.text()).isEqualTo("ü🚀");
  }

  @Test
  void it_does_not_print_itself() {
    assertThat(Payload.of("secret")).hasToString("6 bytes");
  }
}
