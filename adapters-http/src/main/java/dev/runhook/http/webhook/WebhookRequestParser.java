package dev.runhook.http.webhook;

import dev.runhook.application.stats.DryRun;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest.HeadersPatch;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.setting.SettingType;
import dev.runhook.domain.setting.SettingsPatch;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decodes the requests that create, update or rotate webhooks.
public final class WebhookRequestParser {
  private static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);

  private static final Decoder<SigningSecret> SECRET = Decoder.STRING.map(SigningSecret::parse);
  private static final Decoder<CustomHeaders> HEADERS =
      JsonObjectReader.decoder(WebhookRequestParser::parseHeaders);
  private static final Decoder<HeadersPatch> HEADERS_PATCH =
      JsonObjectReader.decoder(WebhookRequestParser::parseHeadersPatch);
  private static final Decoder<LabelExpression> LABELS = Decoder.STRING.map(LabelExpression::parse);
  private static final Decoder<List<String>> STACKS =
      Decoder.listOf(Decoder.STRING).map(ids -> new StackSelector(Optional.empty(), ids).ids());
  private static final Decoder<StackSelector> SELECTOR =
      JsonObjectReader.decoder(WebhookRequestParser::parseSelector);
  private static final Duration DEFAULT_PERIOD = Duration.ofDays(7);
  private static final Decoder<Duration> PERIOD = Decoder.DURATION.map(DryRun::requirePeriod);
  private static final Decoder<Duration> OVERLAP =
      Decoder.DURATION.map(it -> new RotateSecretRequest(Optional.empty(), it).overlap());

  private WebhookRequestParser() {}

  public static Optional<CreateWebhookRequest> parseNewWebhook(JsonObjectReader fields) {
    Optional<String> endpoint = fields.required("endpoint", Decoder.STRING);
    Optional<SigningSecret> secret = fields.optionalNonNull("secret", SECRET);
    Optional<Boolean> enabled = fields.optionalNonNull("enabled", Decoder.BOOLEAN);
    SettingsPatch settings = parseSettings(fields, WebhookSetting.ALL);
    Optional<CustomHeaders> headers = fields.optional("headers", HEADERS);
    return fields.build(() -> {
      WebhookSettings chosen = settings.applyTo(WebhookSetting.DEFAULTS);
      return new CreateWebhookRequest(
          endpoint.orElseThrow(),
          secret,
          enabled.orElse(true),
          chosen.name(),
          chosen.subscription(),
          headers.orElse(CustomHeaders.none()),
          chosen.delivery(),
          Optional.empty());
    });
  }

  /// Returns the settings that a preview depends on.
  static Optional<PreviewRequest> parseFormatPreview(JsonObjectReader fields) {
    SettingsPatch settings =
        parseSettings(fields, List.of(WebhookSetting.FORMAT, WebhookSetting.TEMPLATE));
    Optional<RunState> state = fields.optionalNonNull("state", Decoder.enumOf(RunState.class));
    return fields.build(() ->
        new PreviewRequest(
            settings.applyTo(WebhookSetting.DEFAULTS).delivery(), state.orElse(RunState.FINISHED)));
  }

  /// Decodes a request for what a webhook of a stack would have received.
  public static Optional<DryRunRequest> parseDryRun(JsonObjectReader fields) {
    return parseDryRun(fields, Optional.empty());
  }

  /// Decodes a request for what an account webhook would have received.
  public static Optional<DryRunRequest> parseAccountDryRun(JsonObjectReader fields) {
    return parseDryRun(fields, fields.required("selector", SELECTOR));
  }

  private static Optional<DryRunRequest> parseDryRun(
      JsonObjectReader fields, Optional<StackSelector> selector) {
    fields.optionalNonNull("endpoint", Decoder.STRING); // it decides nothing
    SettingsPatch patch = parseSettings(fields, WebhookSetting.ALL);
    Optional<Duration> period = fields.optionalNonNull("period", PERIOD);
    return fields.build(() -> {
      WebhookSettings settings = patch.applyTo(WebhookSetting.DEFAULTS);
      return new DryRunRequest(
          new DryRun.Filters(
              selector.orElseGet(StackSelector::all),
              settings.subscription(),
              settings.delivery().format()),
          period.orElse(DEFAULT_PERIOD));
    });
  }

  public record DryRunRequest(DryRun.Filters filters, Duration period) {}

  record PreviewRequest(DeliverySettings settings, RunState state) {}

  static Optional<UpdateWebhookRequest> parsePatch(JsonObjectReader fields) {
    UpdateWebhookRequest patch =
        new UpdateWebhookRequest(
            fields.optionalNonNull("endpoint", Decoder.STRING),
            fields.optionalNonNull("secret", SECRET),
            fields.optionalNonNull("enabled", Decoder.BOOLEAN),
            parseSettings(fields, WebhookSetting.ALL),
            fields.resettable("headers", HEADERS_PATCH, new HeadersPatch(List.of(), List.of())),
            Optional.empty());
    return fields.build(() -> patch);
  }

  /// Decodes a request to create an account webhook.
  public static Optional<CreateWebhookRequest> parseNewAccountWebhook(JsonObjectReader fields) {
    Optional<StackSelector> selector = fields.required("selector", SELECTOR);
    return parseNewWebhook(fields).map(webhook -> webhook.withSelector(selector.orElseThrow()));
  }

  /// Decodes a change of an account webhook.
  static Optional<UpdateWebhookRequest> parseAccountWebhookPatch(JsonObjectReader fields) {
    Optional<StackSelector> selector = fields.optionalNonNull("selector", SELECTOR);
    return parsePatch(fields).map(patch -> selector.map(patch::withSelector).orElse(patch));
  }

  /// Decodes a request for the stacks of a selector.
  static Optional<StackSelector> parsePreview(JsonObjectReader fields) {
    Optional<StackSelector> selector = fields.required("selector", SELECTOR);
    return fields.build(selector::orElseThrow);
  }

  private static Optional<StackSelector> parseSelector(JsonObjectReader fields) {
    Optional<LabelExpression> labels = fields.optional("labels", LABELS);
    Optional<List<String>> stacks = fields.optional("stacks", STACKS);
    return fields.build(() -> new StackSelector(labels, stacks.orElse(List.of())));
  }

  static Optional<RotateSecretRequest> parseRotation(JsonObjectReader fields) {
    Optional<SigningSecret> secret = fields.optionalNonNull("secret", SECRET);
    Optional<Duration> overlap = fields.optionalNonNull("overlap", OVERLAP);
    return fields.build(() -> new RotateSecretRequest(secret, overlap.orElse(DEFAULT_OVERLAP)));
  }

  /// Reads the settings that are present. Null resets a setting to its default.
  private static SettingsPatch parseSettings(
      JsonObjectReader fields, List<WebhookSetting<?>> settings) {
    SettingsPatch patch = SettingsPatch.empty();
    for (WebhookSetting<?> setting : settings) {
      patch = parseSetting(fields, setting, patch);
    }
    return patch;
  }

  private static <T> SettingsPatch parseSetting(
      JsonObjectReader fields, WebhookSetting<T> setting, SettingsPatch patch) {
    return fields
        .resettable(setting.name(), decoder(setting.type()), setting.defaultValue())
        .map(value -> patch.with(setting, value))
        .orElse(patch);
  }

  /// Checks each item of an array on its own, so that every error has a pointer.
  private static <T> Decoder<T> decoder(SettingType<T> type) {
    return switch (type) {
      case SettingType.Flag() -> Decoder.BOOLEAN.map(type::read);
      case SettingType.Toggle() -> Decoder.BOOLEAN.map(type::read);
      case SettingType.Count(int max) -> Decoder.integerBetween(1, max).map(type::read);
      case SettingType.Text<T> text -> Decoder.STRING.map(text::read);
      case SettingType.Texts<?, T> texts ->
          Decoder.listOf(
                  Decoder.STRING.map(item -> {
                    var ignored = texts.item().read(item);
                    return item;
                  }))
              .map(texts::read);
    };
  }

  private static Optional<CustomHeaders> parseHeaders(JsonObjectReader fields) {
    List<Header> headers = new ArrayList<>();
    for (String name : fields.fieldNames()) {
      fields.optionalNonNull(name, header(name)).ifPresent(headers::add);
    }
    return fields.build(() -> new CustomHeaders(headers));
  }

  private static Optional<HeadersPatch> parseHeadersPatch(JsonObjectReader fields) {
    List<Header> values = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    for (String name : fields.fieldNames()) {
      fields.optional(name, header(name)).ifPresentOrElse(values::add, () -> kept.add(name));
    }
    return fields.build(() -> new HeadersPatch(values, kept));
  }

  private static Decoder<Header> header(String name) {
    return Decoder.STRING.map(
        text -> new CustomHeaders(List.of(new Header(name, text))).headers().getFirst());
  }
}
