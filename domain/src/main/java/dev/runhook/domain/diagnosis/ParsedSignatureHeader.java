package dev.runhook.domain.diagnosis;

import dev.runhook.domain.diagnosis.SignatureMistake.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A signature header, parsed as leniently as possible.
///
/// @param signatures one signature, or several for `webhook-signature`
record ParsedSignatureHeader(SignatureHeader header, List<ParsedSignature> signatures) {
  private static final int MAX_SIGNATURES = 8;
  private static final Pattern NAME_AND_VALUE =
      Pattern.compile(
          "(?is)(x-(?:hub-)?signature|x-(?:hub-)?signature-256|webhook-signature)\\s*:\\s*(.*)");
  private static final Map<String, SignatureHeader> PREFIXES =
      Map.of(
          "sha1=", SignatureHeader.SHA1,
          "sha256=", SignatureHeader.SHA256,
          "v1,", SignatureHeader.STANDARD);
  private static final Pattern FORTY_HEX = Pattern.compile("[0-9a-fA-F]{40}");
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");

  ParsedSignatureHeader {
    signatures = List.copyOf(signatures);
  }

  /// @param hasMessageHeaders whether the request's id and timestamp are known, as for
  ///   `webhook-signature`
  static ParsedSignatureHeader parse(String text, boolean hasMessageHeaders) {
    Matcher named = NAME_AND_VALUE.matcher(text.strip());
    String value = named.matches() ? named.group(2).strip() : text.strip();
    SignatureHeader header =
        named.matches()
            ? byName(named.group(1).toLowerCase(Locale.ROOT))
            : byPrefix(value).orElseGet(() -> byFormat(value, hasMessageHeaders));
    String[] parts =
        header == SignatureHeader.STANDARD ? value.split("\\s+") : new String[] {value};
    return new ParsedSignatureHeader(
        header,
        Arrays.stream(parts)
            .limit(MAX_SIGNATURES)
            .map(part -> ParsedSignature.parse(part, header))
            .toList());
  }

  /// Returns the format errors if the header has only one signature.
  List<SignatureMistake> formatErrors() {
    return signatures.size() == 1 ? signatures.getFirst().formatErrors() : List.of();
  }

  private static SignatureHeader byName(String name) {
    if (name.equals("webhook-signature")) {
      return SignatureHeader.STANDARD;
    }
    return name.endsWith("-256") ? SignatureHeader.SHA256 : SignatureHeader.SHA1;
  }

  private static Optional<SignatureHeader> byPrefix(String value) {
    String lower = unquoted(value).toLowerCase(Locale.ROOT);
    return PREFIXES.entrySet().stream()
        .filter(prefix -> lower.startsWith(prefix.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static SignatureHeader byFormat(String value, boolean hasMessageHeaders) {
    if (FORTY_HEX.matcher(unquoted(value)).matches()) {
      return SignatureHeader.SHA1;
    }
    return hasMessageHeaders && !HEX.matcher(unquoted(value)).matches()
        ? SignatureHeader.STANDARD
        : SignatureHeader.SHA256;
  }

  static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(0) == value.charAt(value.length() - 1);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /// Returns the error in a signature's prefix, if there is one.
  static Optional<SignatureMistake> prefixError(String prefix, SignatureHeader header) {
    if (prefix.isEmpty()) {
      return Optional.of(new SignatureMistake(Kind.PREFIX_MISSING, header.prefix()));
    }
    if (prefix.equals(header.prefix())) {
      return Optional.empty();
    }
    return Optional.of(
        prefix.equalsIgnoreCase(header.prefix())
            ? SignatureMistake.of(Kind.PREFIX_NOT_LOWERCASE)
            : new SignatureMistake(Kind.WRONG_PREFIX, prefix));
  }
}
