package dev.runhook.diagnosis;

import static dev.runhook.diagnosis.ReferenceSigner.b64;
import static dev.runhook.diagnosis.ReferenceSigner.base64;
import static dev.runhook.diagnosis.ReferenceSigner.hex;
import static dev.runhook.diagnosis.ReferenceSigner.sha1;
import static dev.runhook.diagnosis.ReferenceSigner.sha256;
import static dev.runhook.diagnosis.ReferenceSigner.standard;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.diagnosis.Diagnosis.ReserializedBody;
import dev.runhook.diagnosis.Diagnosis.Unexplained;
import dev.runhook.diagnosis.Diagnosis.Valid;
import dev.runhook.diagnosis.DiagnosisInput.MessageHeaders;
import dev.runhook.diagnosis.SignatureMistake.Kind;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {
  static final String SECRET = "It's a Secret to Everybody";
  static final String BODY = "{\"state\":\"FINISHED\",\"note\":\"Grüße\",\"timestamp\":1596979684}";
  private static final String SPACED = "{\"state\": \"FINISHED\"}";
  private static final String ID = "0198c0de-0000-7000-8000-000000000001";
  private static final long SENT = 1_769_860_800;
  static final MessageHeaders MESSAGE = new MessageHeaders(ID, SENT);

  @Test
  void the_published_vectors_are_valid() {
    assertThat(
            diagnose(
                "Hello, World!",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"))
        .isEqualTo(new Valid(SignatureHeader.SHA256));
    assertThat(diagnose("Hello, World!", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"))
        .isEqualTo(new Valid(SignatureHeader.SHA1));
  }

  @Test
  void every_signature_header_is_valid_as_a_value_and_as_a_line() {
    for (Header header : signed(SigningKeys.of(SigningSecret.parse(SECRET)))) {
      if (header.name().toLowerCase(Locale.ROOT).contains("signature")) {
        assertThat(diagnose(BODY, header.value()).isValid()).as(header.name()).isTrue();
        assertThat(diagnose(BODY, header.name() + ": " + header.value()).isValid()).isTrue();
      }
    }
  }

  @Test
  void one_of_several_standard_signatures_is_enough() {
    SigningKeys keys =
        SigningKeys.of(SigningSecret.parse("the old one"))
            .rotated(SigningSecret.parse(SECRET), Instant.ofEpochSecond(SENT), Duration.ofHours(1));

    assertThat(diagnose(BODY, signed(keys).getLast().value()).isValid()).isTrue();
    assertThat(diagnose(BODY, "v1a,AAAA " + standard(SECRET, MESSAGE, BODY)).isValid()).isTrue();
  }

  static Stream<Arguments> singleMistakes() {
    String hex = hex(SECRET, BODY);
    return Stream.of(
        of(hex, Kind.PREFIX_MISSING),
        of("SHA256=" + hex, Kind.PREFIX_NOT_LOWERCASE),
        of("X-Signature-256: v1," + hex, Kind.WRONG_PREFIX),
        of("sha256=" + hex.toUpperCase(Locale.ROOT), Kind.HEX_NOT_LOWERCASE),
        of("\"sha256=" + hex + "\"", Kind.SIGNATURE_QUOTED),
        of("sha256=" + base64(SECRET, BODY), Kind.BASE64_INSTEAD_OF_HEX),
        of("X-Signature-256: " + sha1(SECRET, BODY), Kind.WRONG_ALGORITHM),
        of("X-Signature: " + sha256(SECRET, BODY), Kind.WRONG_ALGORITHM),
        of("sha256=" + sha1(SECRET, BODY).substring(5), Kind.WRONG_ALGORITHM),
        of(sha256(SECRET, BODY + "\n"), Kind.NEWLINE_ADDED),
        of(sha256(SECRET, BODY + "\r\n"), Kind.NEWLINE_ADDED),
        of(sha256(SECRET, "\ufeff" + BODY), Kind.BOM_ADDED),
        of(sha256(SECRET, ""), Kind.BODY_EMPTY),
        of(sha256(SECRET, new String(BODY.getBytes(UTF_8), ISO_8859_1)), Kind.BODY_ENCODING),
        of(sha256(SECRET, SPACED), Kind.BODY_RESERIALIZED),
        of(sha256(SECRET + "\n", BODY), Kind.SECRET_WITH_NEWLINE),
        of(sha256(SECRET + "\r\n", BODY), Kind.SECRET_WITH_NEWLINE),
        of(sha256("\"" + SECRET + "\"", BODY), Kind.SECRET_QUOTED),
        of(sha256("whsec_" + b64(SECRET.getBytes(UTF_8)), BODY), Kind.SECRET_IN_STANDARD_FORM),
        of(sha256(new byte[1], BODY), Kind.SECRET_EMPTY),
        of(sha256(SECRET, ID + "." + SENT + "." + BODY), Kind.ID_AND_TIMESTAMP_INCLUDED),
        of(standard(SECRET, MESSAGE.withTimestamp(SENT - 299), BODY), Kind.WRONG_TIMESTAMP),
        of(standard(SECRET, MESSAGE.withTimestamp(SENT * 1000), BODY), Kind.WRONG_TIMESTAMP),
        of(standard(SECRET, MESSAGE.withTimestamp(1_596_979_684), BODY), Kind.WRONG_TIMESTAMP),
        of("v1," + base64(SECRET, BODY), Kind.ID_AND_TIMESTAMP_OMITTED),
        of(standard(SECRET, MESSAGE, BODY).replace("=", ""), Kind.NON_STANDARD_BASE64));
  }

  private static Arguments of(String signature, Kind... kinds) {
    return Arguments.of(signature, kinds);
  }

  @ParameterizedTest
  @MethodSource("singleMistakes")
  void a_mistake_is_found_and_described(String signature, Kind[] kinds) {
    Diagnosis diagnosis = diagnose(BODY, signature);

    assertThat(kinds(diagnosis)).containsExactly(kinds);
    assertThat(diagnosis.message())
        .contains("is not valid: ", diagnosis.causes().getFirst().fix())
        .doesNotContain(SECRET, hex(SECRET, BODY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\n\n"})
  void a_line_break_that_was_not_signed_is_found(String end) {
    assertThat(kinds(diagnose(BODY + end, sha256(SECRET, BODY))))
        .containsExactly(Kind.NEWLINE_REMOVED);
  }

  @Test
  void other_line_endings_and_byte_order_marks_are_found() {
    assertThat(kinds(diagnose("{\n}", sha256(SECRET, "{\r\n}"))))
        .containsExactly(Kind.LINE_ENDINGS);
    assertThat(kinds(diagnose("{\r\n}", sha256(SECRET, "{\n}"))))
        .containsExactly(Kind.LINE_ENDINGS);
    assertThat(kinds(diagnose("\ufeff{}", sha256(SECRET, "{}")))).containsExactly(Kind.BOM_REMOVED);
  }

  static Stream<Arguments> secrets() {
    byte[] random = {1, 2, (byte) 0xfe, 4, 5, 6, (byte) 0xff, 8};
    String hex = HexFormat.of().formatHex(random);
    return Stream.of(
        Arguments.of(" padded ", "padded".getBytes(UTF_8), Kind.SECRET_TRIMMED),
        Arguments.of("line\n", "line".getBytes(UTF_8), Kind.SECRET_TRIMMED),
        Arguments.of("'quoted'", "quoted".getBytes(UTF_8), Kind.SECRET_UNQUOTED),
        Arguments.of(hex, random, Kind.SECRET_HEX_DECODED),
        Arguments.of(b64(random), random, Kind.SECRET_BASE64_DECODED),
        Arguments.of("whsec_" + b64(random), random, Kind.SECRET_BASE64_DECODED),
        Arguments.of(
            "whsec_" + b64(random), b64(random).getBytes(UTF_8), Kind.SECRET_WITHOUT_PREFIX));
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void a_transformation_of_the_secret_is_found(String secret, byte[] key, Kind kind) {
    Diagnosis diagnosis = diagnose(new Keyring(secret, List.of()), BODY, sha256(key, BODY));

    assertThat(kinds(diagnosis)).containsExactly(kind);
  }

  @Test
  void a_previous_secret_is_found_as_text_and_decoded() {
    Keyring keys = new Keyring(SECRET, List.of("whsec_AQID", "older"));

    assertThat(kinds(diagnose(keys, BODY, sha256("older", BODY))))
        .containsExactly(Kind.PREVIOUS_SECRET);
    assertThat(kinds(diagnose(keys, BODY, sha256(new byte[] {1, 2, 3}, BODY))))
        .containsExactly(Kind.PREVIOUS_SECRET, Kind.SECRET_BASE64_DECODED);
  }

  static Stream<Arguments> doubleMistakes() {
    return Stream.of(
        of(hex(SECRET, BODY).toUpperCase(Locale.ROOT), Kind.HEX_NOT_LOWERCASE, Kind.PREFIX_MISSING),
        of(hex(SECRET, BODY + "\n"), Kind.NEWLINE_ADDED, Kind.PREFIX_MISSING),
        of(
            "X-Signature-256: " + sha1(SECRET + "\n", BODY),
            Kind.SECRET_WITH_NEWLINE,
            Kind.WRONG_ALGORITHM),
        of(sha256(SECRET + "\n", BODY + "\n"), Kind.SECRET_WITH_NEWLINE, Kind.NEWLINE_ADDED),
        of(sha256(SECRET + "\n", SPACED), Kind.SECRET_WITH_NEWLINE, Kind.BODY_RESERIALIZED),
        of(sha256(SECRET, SPACED + "\n"), Kind.BODY_RESERIALIZED, Kind.NEWLINE_ADDED),
        of(sha256("\"" + SECRET + "\n\"", BODY), Kind.SECRET_WITH_NEWLINE, Kind.SECRET_QUOTED),
        of(
            standard(SECRET + "\n", MESSAGE.withTimestamp(SENT + 7), BODY),
            Kind.SECRET_WITH_NEWLINE,
            Kind.WRONG_TIMESTAMP),
        of(
            standard(SECRET, MESSAGE.withTimestamp(SENT + 7), SPACED),
            Kind.WRONG_TIMESTAMP,
            Kind.BODY_RESERIALIZED));
  }

  @ParameterizedTest
  @MethodSource("doubleMistakes")
  void combinations_of_two_mistakes_are_found(String signature, Kind[] kinds) {
    assertThat(kinds(diagnose(BODY, signature))).containsExactlyInAnyOrder(kinds);
  }

  @Test
  void combinations_of_three_mistakes_are_not_tried() {
    assertThat(diagnose(BODY, hex(SECRET + "\n", SPACED))).isInstanceOf(Unexplained.class);
  }

  @Test
  void a_signature_without_a_known_mistake_is_unexplained() {
    Diagnosis diagnosis = diagnose(BODY, sha256("another secret", BODY));

    assertThat(diagnosis).isInstanceOf(Unexplained.class);
    assertThat(diagnosis.message()).contains("no known mistake", "another secret, or the body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256=",
        "sha256=abc",
        "sha256=757107ea0eb2509f",
        "nonsense",
        "=",
        "v1,",
        "sha256=ü",
        "\"",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1"
      })
  void a_value_that_is_not_a_signature_is_reported(String signature) {
    assertThat(kinds(diagnose("Hello, World!", signature))).contains(Kind.NOT_A_SIGNATURE);
  }

  @Test
  void a_standard_signature_needs_an_id_and_a_timestamp() {
    String standard = standard(SECRET, MESSAGE, BODY);

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new DiagnosisInput(Payload.of(BODY), standard, Optional.empty()))
        .withMessageContaining("webhook-id and webhook-timestamp");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new DiagnosisInput(Payload.of(BODY), " ", Optional.empty()));
  }

  @Test
  void blank_secrets_long_secrets_and_too_many_secrets_are_refused_and_not_quoted() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Keyring(" \n", List.of()));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Keyring("x".repeat(1025), List.of()))
        .withMessageNotContaining("xx");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Keyring(SECRET, List.of("1", "2", "3", "4", "5")));
    assertThat(new Keyring(SECRET, List.of())).hasToString("(1 secrets)");
  }

  @Test
  void the_diagnosis_of_a_large_body_is_bounded() {
    String large = "[" + "1,".repeat(128 * 1024) + "1]";

    Diagnosis diagnosis = diagnose(large, sha256("another secret", "x"));

    assertThat(diagnosis)
        .isInstanceOfSatisfying(
            Unexplained.class,
            it -> {
              assertThat(it.exhaustive()).isFalse();
              assertThat(it.candidatesTried()).isBetween(5, 30);
            });
    assertThat(diagnosis.message()).contains("not all");
  }

  static List<Kind> kinds(Diagnosis diagnosis) {
    return diagnosis.causes().stream().map(SignatureMistake::kind).toList();
  }

  private static Diagnosis diagnose(String body, String signature) {
    return diagnose(new Keyring(SECRET, List.of()), body, signature);
  }

  static Diagnosis diagnose(Keyring keys, String body, String signature) {
    return MistakeSearch.diagnose(
        new DiagnosisInput(Payload.of(body), signature, Optional.of(MESSAGE)),
        keys,
        ignored -> Stream.of(new ReserializedBody("with spaces", Payload.of(SPACED))));
  }

  static List<Header> signed(SigningKeys keys) {
    return new WebhookSigner(true)
        .signatureHeaders(keys, ID, Instant.ofEpochSecond(SENT), BODY.getBytes(UTF_8));
  }
}
