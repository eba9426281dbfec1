package dev.runhook.diagnosis.certification;

import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A request, as Runhook sends it or changed in one respect.
record SampleRequest(List<Header> headers, Payload body) {
  static final String ID = "webhook-id";
  static final String STANDARD = "webhook-signature";
  static final String SHA1 = "X-Signature";
  static final String ATTEMPT = "X-Runhook-Attempt";

  SampleRequest {
    headers = List.copyOf(headers);
  }

  static boolean isSignature(String name) {
    return name.toLowerCase(Locale.ROOT).contains("signature");
  }

  /// @throws java.util.NoSuchElementException if there is no such header
  String value(String name) {
    return headers.stream()
        .filter(header -> header.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  SampleRequest withText(UnaryOperator<String> change) {
    return new SampleRequest(headers, Payload.of(change.apply(body.text())));
  }

  SampleRequest without(Predicate<String> names) {
    return new SampleRequest(
        headers.stream().filter(header -> !names.test(header.name())).toList(), body);
  }

  SampleRequest withNames(UnaryOperator<String> change) {
    return new SampleRequest(
        headers.stream()
            .map(header -> new Header(change.apply(header.name()), header.value()))
            .toList(),
        body);
  }

  SampleRequest withValues(Predicate<String> names, UnaryOperator<String> change) {
    return new SampleRequest(
        headers.stream()
            .map(header ->
                names.test(header.name())
                    ? new Header(header.name(), change.apply(header.value()))
                    : header)
            .toList(),
        body);
  }
}
