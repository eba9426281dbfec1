package dev.runhook.outbound.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.text.Printable;
import dev.runhook.domain.webhook.DeliverySettings;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The texts and links that all formats for people have in common.
final class ChatMessageTest {
  private final JsonMapper json = JsonMapper.builder().build();
  private final FormatRenderer renderer =
      new FormatRenderer(Optional.of(URI.create("https://runhook.example.com")), System::nanoTime);

  @ParameterizedTest
  @EnumSource(names = {"SLACK", "MSTEAMS", "PAGERDUTY"})
  void texts_are_cut_between_characters(Format format) throws IOException {
    String message = render("emoji", format);

    assertThat(message).contains("0ee3b0", "🎉…").doesNotContain("0ee3b0🎉");
    assertThat(message.codePoints()).noneMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  @ParameterizedTest
  @EnumSource(names = {"SLACK", "MSTEAMS", "PAGERDUTY"})
  void messages_have_no_invisible_characters_and_no_links_with_user_info(Format format)
      throws IOException {
    String message = render("disguised", format);

    assertThat(message)
        .contains("on Networking", "main", "safegpj.exe", "octo cat", "👩‍🚀", "/runs/deploy-7")
        .doesNotContain("evil.example");
    assertThat(message.codePoints()).allMatch(Printable::isPrintable);
  }

  private String render(String sample, Format format) throws IOException {
    DeliverySettings settings = DeliverySettings.defaults().withFormat(format);
    return json.readTree(renderer.render(MessageSamples.named(sample), settings).bytes())
        .toString();
  }
}
