package dev.runhook.diagnosis;

import java.util.Locale;

/// A known mistake in creating or transmitting a signature.
///
/// @param detail more information about the mistake, such as the style of a reserialized body; may
///   be empty
public record SignatureMistake(Kind kind, String detail) {
  private static final String USE_RAW_BODY =
      "sign and verify the raw bytes of the body, before any code parses, decodes or reformats"
          + " them";
  private static final String USE_SECRET_TEXT =
      "use the text of the secret in UTF-8 as the key, with nothing added, removed or decoded; only"
          + " webhook-signature uses the decoded bytes, and only if the secret is whsec_ and 24 to 64"
          + " bytes in base64";
  private static final String KEEP_FORMAT =
      "compare the complete header value, as received, with a signature in the same format";

  static SignatureMistake of(Kind kind) {
    return new SignatureMistake(kind, "");
  }

  /// Returns what happened to the given body, secret or signature.
  public String description() {
    return kind.description.formatted(detail);
  }

  /// Returns how to fix the mistake.
  public String fix() {
    return kind.fix;
  }

  public enum Kind {
    PREFIX_MISSING("the signature does not have its prefix %s", KEEP_FORMAT),
    PREFIX_NOT_LOWERCASE("the signature's prefix is not lowercase", KEEP_FORMAT),
    WRONG_PREFIX("the signature starts with %s, which belongs to another header", KEEP_FORMAT),
    HEX_NOT_LOWERCASE("the signature's hex digits are not lowercase", KEEP_FORMAT),
    SIGNATURE_QUOTED("the signature is enclosed in quotation marks", KEEP_FORMAT),
    BASE64_INSTEAD_OF_HEX("the signature is encoded in base64 instead of hex", KEEP_FORMAT),
    HEX_INSTEAD_OF_BASE64("the signature is encoded in hex instead of base64", KEEP_FORMAT),
    NON_STANDARD_BASE64(
        "the signature uses the URL alphabet of base64, or has no padding", KEEP_FORMAT),
    NOT_A_SIGNATURE(
        "the given value is not a signature: %s",
        "enter the complete value of X-Signature-256, X-Signature or webhook-signature"),
    WRONG_ALGORITHM(
        "the signature was created with HMAC-%s",
        "X-Signature is HMAC-SHA1; X-Signature-256 and webhook-signature are HMAC-SHA256"),
    BODY_RESERIALIZED(
        "the body was parsed and serialized again, %s",
        USE_RAW_BODY + " (express.raw() in Node, request.get_data() in Flask, io.ReadAll in Go)"),
    NEWLINE_ADDED(
        "the signed body ends with a line break that the given body does not have",
        USE_RAW_BODY
            + "; echo and editors add line breaks, but printf %s and curl --data-binary do not"),
    NEWLINE_REMOVED(
        "the signed body does not have the line break at the end of the given body",
        USE_RAW_BODY + "; editors, echo and here-documents add such a line break"),
    LINE_ENDINGS(
        "the body was signed with different line endings, %s",
        USE_RAW_BODY + "; open files in binary mode"),
    BOM_ADDED("the body was signed with a byte order mark", USE_RAW_BODY),
    BOM_REMOVED("the body was signed without its byte order mark", USE_RAW_BODY),
    BODY_EMPTY(
        "an empty body was signed",
        "read the body before you sign it; a stream that was already read is empty"),
    BODY_ENCODING("the body was signed in another encoding: %s", USE_RAW_BODY),
    SECRET_TRIMMED("the secret was used without its surrounding white space", USE_SECRET_TEXT),
    SECRET_WITH_NEWLINE(
        "the secret was used with a line break at the end",
        USE_SECRET_TEXT + "; remove the line break that a file or echo adds"),
    SECRET_QUOTED("the secret was used with quotation marks around it", USE_SECRET_TEXT),
    SECRET_UNQUOTED("the secret was used without its quotation marks", USE_SECRET_TEXT),
    SECRET_HEX_DECODED("the secret was decoded from hex", USE_SECRET_TEXT),
    SECRET_BASE64_DECODED(
        "the secret was decoded from base64",
        USE_SECRET_TEXT
            + "; Standard Webhooks libraries always decode, so they need the webhook's"
            + " standardSecret"),
    SECRET_NOT_DECODED(
        "the secret was used as text instead of decoded from base64",
        "for webhook-signature, decode what follows whsec_ from base64, as Standard Webhooks libraries"
            + " do"),
    SECRET_WITHOUT_PREFIX("the secret was used without its prefix whsec_", USE_SECRET_TEXT),
    SECRET_IN_STANDARD_FORM(
        "the text of the webhook's standardSecret was used as the key",
        USE_SECRET_TEXT + "; standardSecret is for Standard Webhooks libraries, which decode it"),
    PREVIOUS_SECRET(
        "a previous secret was used",
        "configure the current secret; only webhook-signature also carries a signature with the"
            + " previous secret, until the overlap ends"),
    SECRET_EMPTY(
        "an empty secret was used",
        "check that the variable or file that contains the secret exists"),
    WRONG_TIMESTAMP(
        "another timestamp was signed, %s",
        "take webhook-timestamp and webhook-signature from the same request; every attempt has its"
            + " own"),
    ID_AND_TIMESTAMP_OMITTED(
        "the body was signed without the id and the timestamp",
        "webhook-signature signs the id, a period, the timestamp, a period, and the body"),
    ID_AND_TIMESTAMP_INCLUDED(
        "the id and the timestamp were signed together with the body",
        "X-Signature and X-Signature-256 sign only the body");

    private final String description;
    private final String fix;

    Kind(String description, String fix) {
      this.description = description;
      this.fix = fix;
    }

    /// Returns the name in the API, such as `newline-added`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
