package dev.runhook.http.webhook;

import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest.DeliverySettingsPatch;
import dev.runhook.application.webhook.UpdateWebhookRequest.HeadersPatch;
import dev.runhook.application.webhook.UpdateWebhookRequest.PatchValue;
import dev.runhook.application.webhook.UpdateWebhookRequest.SubscriptionPatch;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decodes the requests that create, update or rotate webhooks.
public final class WebhookRequestParser {
  private static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);
  private static final Endpoint ANY_ENDPOINT = Endpoint.ofStored("https://example.com/");

  // A constructor of the domain validates each value on its own, so that every error has a pointer.
  private static final Decoder<SigningSecret> SECRET = Decoder.STRING.map(SigningSecret::parse);
  private static final Decoder<String> NAME =
      Decoder.STRING.map(name ->
          new WebhookSettings(
                  ANY_ENDPOINT,
                  name,
                  Subscription.all(),
                  CustomHeaders.none(),
                  DeliverySettings.defaults())
              .name());
  private static final Decoder<CustomHeaders> HEADERS =
      JsonObjectReader.decoder(WebhookRequestParser::parseHeaders);
  private static final Decoder<HeadersPatch> HEADERS_PATCH =
      JsonObjectReader.decoder(WebhookRequestParser::parseHeadersPatch);
  private static final Decoder<Set<RunState>> STATES =
      Decoder.listOf(Decoder.enumOf(RunState.class)).map(Set::copyOf);
  private static final Decoder<Set<RunType>> TYPES =
      Decoder.listOf(Decoder.enumOf(RunType.class)).map(Set::copyOf);
  private static final Decoder<BranchFilter> BRANCHES =
      Decoder.listOf(Decoder.STRING.map(WebhookRequestParser::requireValidPattern))
          .map(BranchFilter::of);
  private static final Decoder<Set<String>> STACK_LABELS =
      Decoder.listOf(Decoder.nonBlankText(TextLimits.MAX_LABEL))
          .map(labels -> Subscription.all().withStackLabels(Set.copyOf(labels)).stackLabels());
  private static final Decoder<Set<Event.Kind>> EVENTS =
      Decoder.listOf(
              Decoder.STRING.map(name -> Decoder.lowerCaseConstant(Subscription.ALL_EVENTS, name)))
          .map(kinds -> Subscription.all().withEvents(Set.copyOf(kinds)).events());
  private static final Decoder<Format> FORMAT =
      Decoder.STRING.map(name -> Decoder.lowerCaseConstant(List.of(Format.values()), name));
  private static final Decoder<String> TEMPLATE =
      Decoder.nonBlankText(DeliverySettings.MAX_TEMPLATE);
  private static final Decoder<Duration> TIMEOUT =
      Decoder.DURATION.map(
          it -> new DeliverySettings(Optional.of(it), Optional.empty()).timeout().orElse(it));
  private static final Decoder<List<Duration>> RETRY_SCHEDULE =
      Decoder.listOf(Decoder.DURATION.map(delay -> requireValidSchedule(List.of(delay)).getFirst()))
          .map(WebhookRequestParser::requireValidSchedule);
  private static final Decoder<LabelExpression> LABELS = Decoder.STRING.map(LabelExpression::parse);
  private static final Decoder<List<String>> STACKS =
      Decoder.listOf(Decoder.STRING).map(ids -> new StackSelector(Optional.empty(), ids).ids());
  private static final Decoder<StackSelector> SELECTOR =
      JsonObjectReader.decoder(WebhookRequestParser::parseSelector);
  private static final Decoder<Duration> OVERLAP =
      Decoder.DURATION.map(it -> new RotateSecretRequest(Optional.empty(), it).overlap());

  private WebhookRequestParser() {}

  public static Optional<CreateWebhookRequest> parseNewWebhook(JsonObjectReader fields) {
    Optional<String> endpoint = fields.required("endpoint", Decoder.STRING);
    Optional<SigningSecret> secret = fields.optionalNonNull("secret", SECRET);
    Optional<Boolean> enabled = fields.optionalNonNull("enabled", Decoder.BOOLEAN);
    Optional<String> name = fields.optional("name", NAME);
    Subscription subscription =
        new Subscription(
            fields.optional("states", STATES).orElse(Set.of()),
            fields.optional("types", TYPES).orElse(Set.of()),
            fields.optional("driftDetection", Decoder.BOOLEAN),
            fields.optional("previousStates", STATES).orElse(Set.of()),
            fields.optional("branches", BRANCHES).orElse(BranchFilter.all()),
            fields.optional("delta", Decoder.BOOLEAN),
            fields.optional("stackLabels", STACK_LABELS).orElse(Set.of()),
            fields.optional("events", EVENTS).orElse(Subscription.DEFAULT_EVENTS));
    Optional<CustomHeaders> headers = fields.optional("headers", HEADERS);
    Format format = fields.optional("format", FORMAT).orElse(Format.RUNHOOK);
    Optional<String> template = fields.optional("template", TEMPLATE);
    Optional<Duration> timeout = fields.optional("timeout", TIMEOUT);
    Optional<List<Duration>> retrySchedule = fields.optional("retrySchedule", RETRY_SCHEDULE);
    return fields.build(() ->
        new CreateWebhookRequest(
            endpoint.orElseThrow(),
            secret,
            enabled.orElse(true),
            name.orElse(""),
            subscription,
            headers.orElse(CustomHeaders.none()),
            new DeliverySettings(format, template, timeout, retrySchedule)));
  }

  /// Returns the settings that a preview depends on.
  static Optional<PreviewRequest> parseFormatPreview(JsonObjectReader fields) {
    Format format = fields.optional("format", FORMAT).orElse(Format.RUNHOOK);
    Optional<String> template = fields.optional("template", TEMPLATE);
    Optional<RunState> state = fields.optionalNonNull("state", Decoder.enumOf(RunState.class));
    return fields.build(() ->
        new PreviewRequest(
            new DeliverySettings(format, template, Optional.empty(), Optional.empty()),
            state.orElse(RunState.FINISHED)));
  }

  record PreviewRequest(DeliverySettings settings, RunState state) {}

  static Optional<UpdateWebhookRequest> parsePatch(JsonObjectReader fields) {
    UpdateWebhookRequest patch =
        new UpdateWebhookRequest(
            fields.optionalNonNull("endpoint", Decoder.STRING),
            fields.optionalNonNull("secret", SECRET),
            fields.optionalNonNull("enabled", Decoder.BOOLEAN),
            fields.resettable("name", NAME, ""),
            new SubscriptionPatch(
                fields.resettable("states", STATES, Set.of()),
                fields.resettable("types", TYPES, Set.of()),
                clearable(fields, "driftDetection", Decoder.BOOLEAN),
                fields.resettable("previousStates", STATES, Set.of()),
                fields.resettable("branches", BRANCHES, BranchFilter.all()),
                clearable(fields, "delta", Decoder.BOOLEAN),
                fields.resettable("stackLabels", STACK_LABELS, Set.of()),
                fields.resettable("events", EVENTS, Subscription.DEFAULT_EVENTS)),
            fields.resettable("headers", HEADERS_PATCH, new HeadersPatch(List.of(), List.of())),
            new DeliverySettingsPatch(
                fields.resettable("format", FORMAT, Format.RUNHOOK),
                fields.optional("template", TEMPLATE),
                clearable(fields, "timeout", TIMEOUT),
                clearable(fields, "retrySchedule", RETRY_SCHEDULE)));
    return fields.build(() -> patch);
  }

  /// A request to create an account webhook.
  public record NewAccountWebhook(StackSelector selector, CreateWebhookRequest webhook) {}

  /// A change of an account webhook.
  record AccountWebhookPatch(Optional<StackSelector> selector, UpdateWebhookRequest webhook) {}

  public static Optional<NewAccountWebhook> parseNewAccountWebhook(JsonObjectReader fields) {
    Optional<StackSelector> selector = fields.required("selector", SELECTOR);
    return parseNewWebhook(fields)
        .map(webhook -> new NewAccountWebhook(selector.orElseThrow(), webhook));
  }

  static Optional<AccountWebhookPatch> parseAccountWebhookPatch(JsonObjectReader fields) {
    Optional<StackSelector> selector = fields.optionalNonNull("selector", SELECTOR);
    return parsePatch(fields).map(patch -> new AccountWebhookPatch(selector, patch));
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

  /// Reads a field of a patch that null clears.
  private static <T> Optional<PatchValue<T>> clearable(
      JsonObjectReader fields, String name, Decoder<T> decoder) {
    return fields.resettable(
        name,
        decoder.map(value -> new PatchValue<>(Optional.of(value))),
        new PatchValue<>(Optional.empty()));
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

  private static String requireValidPattern(String text) {
    return BranchFilter.of(List.of(text)).patterns().getFirst();
  }

  private static List<Duration> requireValidSchedule(List<Duration> delays) {
    return new DeliverySettings(Optional.empty(), Optional.of(delays)).retryDelays().orElseThrow();
  }
}
