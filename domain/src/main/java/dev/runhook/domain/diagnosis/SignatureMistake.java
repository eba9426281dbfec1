package dev.runhook.domain.diagnosis;

import java.util.Locale;

/// One thing that was done wrong when a signature was made or passed on.
///
/// @param detail what the kind leaves open, such as the style of a rewritten body; may be empty
public record SignatureMistake(Kind kind, String detail) {
  private static final String RAW =
      "sign and verify the bytes of the body as they came, before anything parses, decodes or tidies them";
  private static final String TEXT =
      "the key is the text of the secret itself, in UTF-8, with nothing added, cut off or decoded";
  private static final String FORM =
      "compare the header as it came, whole, with a signature that is written the same way";

  static SignatureMistake of(Kind kind) {
    return new SignatureMistake(kind, "");
  }

  /// What happened, in terms of the body and the secret that were given.
  public String description() {
    return kind.what.formatted(detail);
  }

  /// How to mend it.
  public String fix() {
    return kind.mend;
  }

  /// The known mistakes.
  public enum Kind {
    PREFIX_MISSING("the signature lacks its prefix %s", FORM),
    PREFIX_NOT_LOWERCASE("the signature's prefix is not in lower case", FORM),
    WRONG_PREFIX("the signature starts with %s, as another header's does", FORM),
    HEX_NOT_LOWERCASE("the signature's hexadecimal digits are not in lower case", FORM),
    SIGNATURE_QUOTED("the signature has quotation marks around it", FORM),
    BASE64_INSTEAD_OF_HEX("the signature is written in base64 and not in hexadecimal digits", FORM),
    HEX_INSTEAD_OF_BASE64("the signature is written in hexadecimal digits and not in base64", FORM),
    NON_STANDARD_BASE64("the signature's base64 is that for URLs, or lacks its padding", FORM),
    NOT_A_SIGNATURE(
        "what is given as the signature is none: %s",
        "give the value of X-Signature-256, X-Signature or webhook-signature, whole"),
    WRONG_ALGORITHM(
        "the signature was made with HMAC-%s",
        "X-Signature is HMAC-SHA1; X-Signature-256 and webhook-signature are HMAC-SHA256"),
    BODY_RESERIALIZED(
        "the body was parsed and written anew, %s",
        RAW + " (express.raw() in Node, request.get_data() in Flask, io.ReadAll in Go)"),
    NEWLINE_ADDED(
        "the body was signed with a line break after its end which the given one lacks",
        RAW + "; echo and editors add line breaks, printf %s and curl --data-binary do not"),
    NEWLINE_REMOVED(
        "the body was signed without the line break at the end of the given one",
        RAW + "; an editor, echo or a here-document adds such a line break"),
    LINE_ENDINGS(
        "the body was signed with other line ends, %s", RAW + "; open files in binary mode"),
    BOM_ADDED("the body was signed with a byte order mark before it", RAW),
    BOM_REMOVED("the body was signed without the byte order mark of the given one", RAW),
    BODY_EMPTY(
        "an empty body was signed",
        "read the body before it is signed; a stream that was read already gives nothing"),
    BODY_ENCODING("the body was signed in another encoding: %s", RAW),
    SECRET_TRIMMED("the secret was used without the white space around it", TEXT),
    SECRET_WITH_NEWLINE(
        "the secret was used with a line break at its end",
        TEXT + "; strip what a file or echo adds"),
    SECRET_QUOTED("the secret was used with quotation marks around it", TEXT),
    SECRET_UNQUOTED("the secret was used without the quotation marks around it", TEXT),
    SECRET_HEX_DECODED("the secret was decoded from hexadecimal digits", TEXT),
    SECRET_BASE64_DECODED(
        "the secret was decoded from base64",
        TEXT
            + "; only libraries for Standard Webhooks decode theirs, and want the webhook's standardSecret"),
    SECRET_WITHOUT_PREFIX("the secret was used without its whsec_", TEXT),
    SECRET_IN_STANDARD_FORM(
        "the webhook's standardSecret was used as a text",
        TEXT + "; standardSecret is for libraries for Standard Webhooks, which decode it"),
    PREVIOUS_SECRET(
        "it was made with a previous secret",
        "give the sender or the receiver the current secret; only webhook-signature carries one for the previous secret too, for as long as the overlap lasts"),
    SECRET_EMPTY(
        "an empty secret was used",
        "see whether the variable or file that the secret is read from is there"),
    WRONG_TIMESTAMP(
        "it was made for another timestamp, %s",
        "take webhook-timestamp and webhook-signature from the same request: each attempt has its own"),
    ID_AND_TIMESTAMP_OMITTED(
        "the body was signed alone, without id and timestamp",
        "webhook-signature is made of the id, a point, the timestamp, a point, and the body"),
    ID_AND_TIMESTAMP_INCLUDED(
        "the id and the timestamp were signed with the body",
        "X-Signature and X-Signature-256 are made of the body alone");

    private final String what;
    private final String mend;

    Kind(String what, String mend) {
      this.what = what;
      this.mend = mend;
    }

    /// Its name as programs read it, such as `newline-added`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
