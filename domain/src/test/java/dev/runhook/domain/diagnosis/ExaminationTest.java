package dev.runhook.domain.diagnosis;

import static dev.runhook.domain.diagnosis.Signer.b64;
import static dev.runhook.domain.diagnosis.Signer.base64;
import static dev.runhook.domain.diagnosis.Signer.hex;
import static dev.runhook.domain.diagnosis.Signer.sha1;
import static dev.runhook.domain.diagnosis.Signer.sha256;
import static dev.runhook.domain.diagnosis.Signer.standard;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.domain.diagnosis.Examination.Mistaken;
import dev.runhook.domain.diagnosis.Examination.Unexplained;
import dev.runhook.domain.diagnosis.Examination.Verified;
import dev.runhook.domain.diagnosis.Mistake.Kind;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
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

class ExaminationTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String BODY =
      "{\"state\":\"FINISHED\",\"note\":\"Grüße\",\"timestamp\":1596979684}";
  private static final String SPACED = "{\"state\": \"FINISHED\"}";
  private static final String ID = "0198c0de-0000-7000-8000-000000000001";
  private static final long SENT = 1_769_860_800;
  private static final Message MESSAGE = new Message(ID, SENT);

  @Test
  void the_published_vectors_verify() {
    assertThat(
            examine(
                "Hello, World!",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"))
        .isEqualTo(new Verified(SignatureHeader.SHA256));
    assertThat(examine("Hello, World!", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"))
        .isEqualTo(new Verified(SignatureHeader.SHA1));
  }

  @Test
  void whatever_the_sender_signs_verifies_by_value_and_by_line() {
    for (Header header : signed(SigningKeys.of(SigningSecret.parse(SECRET)))) {
      if (header.name().toLowerCase(Locale.ROOT).contains("signature")) {
        assertThat(examine(BODY, header.value()).isVerified()).as(header.name()).isTrue();
        assertThat(examine(BODY, header.name() + ": " + header.value()).isVerified()).isTrue();
      }
    }
  }

  @Test
  void one_of_several_standard_signatures_is_enough() {
    SigningKeys keys =
        SigningKeys.of(SigningSecret.parse("the old one"))
            .rotated(SigningSecret.parse(SECRET), Instant.ofEpochSecond(SENT), Duration.ofHours(1));

    assertThat(examine(BODY, signed(keys).getLast().value()).isVerified()).isTrue();
    assertThat(examine(BODY, "v1a,AAAA " + standard(SECRET, MESSAGE, BODY)).isVerified()).isTrue();
  }

  static Stream<Arguments> singleMistakes() {
    String hex = hex(SECRET, BODY);
    return Stream.of(
        of(hex, Kind.PREFIX_MISSING),
        of("SHA256=" + hex, Kind.PREFIX_UPPER_CASE),
        of("X-Signature-256: v1," + hex, Kind.PREFIX_OF_ANOTHER),
        of("sha256=" + hex.toUpperCase(Locale.ROOT), Kind.HEX_UPPER_CASE),
        of("\"sha256=" + hex + "\"", Kind.SIGNATURE_QUOTED),
        of("sha256=" + base64(SECRET, BODY), Kind.BASE64_FOR_HEX),
        of("X-Signature-256: " + sha1(SECRET, BODY), Kind.ALGORITHM),
        of("X-Signature: " + sha256(SECRET, BODY), Kind.ALGORITHM),
        of("sha256=" + sha1(SECRET, BODY).substring(5), Kind.ALGORITHM),
        of(sha256(SECRET, BODY + "\n"), Kind.NEWLINE_ADDED),
        of(sha256(SECRET, BODY + "\r\n"), Kind.NEWLINE_ADDED),
        of(sha256(SECRET, "\ufeff" + BODY), Kind.BOM_ADDED),
        of(sha256(SECRET, ""), Kind.BODY_EMPTY),
        of(sha256(SECRET, new String(BODY.getBytes(UTF_8), ISO_8859_1)), Kind.BODY_ENCODING),
        of(sha256(SECRET, SPACED), Kind.BODY_REWRITTEN),
        of(sha256(SECRET + "\n", BODY), Kind.SECRET_WITH_NEWLINE),
        of(sha256(SECRET + "\r\n", BODY), Kind.SECRET_WITH_NEWLINE),
        of(sha256("\"" + SECRET + "\"", BODY), Kind.SECRET_QUOTED),
        of(sha256("whsec_" + b64(SECRET.getBytes(UTF_8)), BODY), Kind.SECRET_IN_STANDARD_FORM),
        of(sha256(new byte[1], BODY), Kind.SECRET_EMPTY),
        of(sha256(SECRET, ID + "." + SENT + "." + BODY), Kind.MESSAGE_INCLUDED),
        of(standard(SECRET, MESSAGE.at(SENT - 299), BODY), Kind.ANOTHER_TIMESTAMP),
        of(standard(SECRET, MESSAGE.at(SENT * 1000), BODY), Kind.ANOTHER_TIMESTAMP),
        of(standard(SECRET, MESSAGE.at(1_596_979_684), BODY), Kind.ANOTHER_TIMESTAMP),
        of("v1," + base64(SECRET, BODY), Kind.MESSAGE_LEFT_OUT),
        of(standard(SECRET, MESSAGE, BODY).replace("=", ""), Kind.BASE64_OF_ANOTHER_KIND));
  }

  private static Arguments of(String signature, Kind... kinds) {
    return Arguments.of(signature, kinds);
  }

  @ParameterizedTest
  @MethodSource("singleMistakes")
  void a_mistake_is_found_and_told(String signature, Kind[] kinds) {
    Examination examination = examine(BODY, signature);

    assertThat(kinds(examination)).containsExactly(kinds);
    assertThat(examination.sentence())
        .contains("does not verify: ", examination.findings().getFirst().mend())
        .doesNotContain(SECRET, hex(SECRET, BODY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\n\n"})
  void a_line_break_that_was_not_signed_is_found(String end) {
    assertThat(kinds(examine(BODY + end, sha256(SECRET, BODY))))
        .containsExactly(Kind.NEWLINE_REMOVED);
  }

  @Test
  void other_line_ends_and_marks_are_found() {
    assertThat(kinds(examine("{\n}", sha256(SECRET, "{\r\n}")))).containsExactly(Kind.LINE_ENDS);
    assertThat(kinds(examine("{\r\n}", sha256(SECRET, "{\n}")))).containsExactly(Kind.LINE_ENDS);
    assertThat(kinds(examine("\ufeff{}", sha256(SECRET, "{}")))).containsExactly(Kind.BOM_REMOVED);
  }

  static Stream<Arguments> secrets() {
    byte[] random = {1, 2, (byte) 0xfe, 4, 5, 6, (byte) 0xff, 8};
    String hex = HexFormat.of().formatHex(random);
    return Stream.of(
        Arguments.of(" padded ", "padded".getBytes(UTF_8), Kind.SECRET_TRIMMED),
        Arguments.of("line\n", "line".getBytes(UTF_8), Kind.SECRET_TRIMMED),
        Arguments.of("'quoted'", "quoted".getBytes(UTF_8), Kind.SECRET_UNQUOTED),
        Arguments.of(hex, random, Kind.SECRET_FROM_HEX),
        Arguments.of(b64(random), random, Kind.SECRET_FROM_BASE64),
        Arguments.of("whsec_" + b64(random), random, Kind.SECRET_FROM_BASE64),
        Arguments.of(
            "whsec_" + b64(random), b64(random).getBytes(UTF_8), Kind.SECRET_WITHOUT_PREFIX));
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void what_was_done_to_the_secret_is_found(String secret, byte[] key, Kind kind) {
    Examination examination = examine(Keyring.of(secret), BODY, sha256(key, BODY));

    assertThat(kinds(examination)).containsExactly(kind);
  }

  @Test
  void a_previous_secret_is_found_alone_and_decoded() {
    Keyring keys = Keyring.of(SECRET, List.of("whsec_AQID", "older"));

    assertThat(kinds(examine(keys, BODY, sha256("older", BODY))))
        .containsExactly(Kind.PREVIOUS_SECRET);
    assertThat(kinds(examine(keys, BODY, sha256(new byte[] {1, 2, 3}, BODY))))
        .containsExactly(Kind.PREVIOUS_SECRET, Kind.SECRET_FROM_BASE64);
  }

  static Stream<Arguments> doubleMistakes() {
    return Stream.of(
        of(hex(SECRET, BODY).toUpperCase(Locale.ROOT), Kind.HEX_UPPER_CASE, Kind.PREFIX_MISSING),
        of(hex(SECRET, BODY + "\n"), Kind.NEWLINE_ADDED, Kind.PREFIX_MISSING),
        of(
            "X-Signature-256: " + sha1(SECRET + "\n", BODY),
            Kind.SECRET_WITH_NEWLINE,
            Kind.ALGORITHM),
        of(sha256(SECRET + "\n", BODY + "\n"), Kind.SECRET_WITH_NEWLINE, Kind.NEWLINE_ADDED),
        of(sha256(SECRET + "\n", SPACED), Kind.SECRET_WITH_NEWLINE, Kind.BODY_REWRITTEN),
        of(sha256(SECRET, SPACED + "\n"), Kind.BODY_REWRITTEN, Kind.NEWLINE_ADDED),
        of(sha256("\"" + SECRET + "\n\"", BODY), Kind.SECRET_WITH_NEWLINE, Kind.SECRET_QUOTED),
        of(
            standard(SECRET + "\n", MESSAGE.at(SENT + 7), BODY),
            Kind.SECRET_WITH_NEWLINE,
            Kind.ANOTHER_TIMESTAMP),
        of(
            standard(SECRET, MESSAGE.at(SENT + 7), SPACED),
            Kind.ANOTHER_TIMESTAMP,
            Kind.BODY_REWRITTEN));
  }

  @ParameterizedTest
  @MethodSource("doubleMistakes")
  void two_mistakes_together_are_found(String signature, Kind[] kinds) {
    assertThat(kinds(examine(BODY, signature))).containsExactlyInAnyOrder(kinds);
  }

  @Test
  void three_mistakes_are_not_looked_for() {
    assertThat(examine(BODY, hex(SECRET + "\n", SPACED))).isInstanceOf(Unexplained.class);
  }

  @Test
  void what_nothing_explains_is_said_to_be_so() {
    Examination examination = examine(BODY, sha256("another secret", BODY));

    assertThat(examination).isInstanceOf(Unexplained.class);
    assertThat(examination.sentence()).contains("no known mistake", "another secret, or the body");
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
  void what_is_no_signature_is_told_as_such(String signature) {
    assertThat(kinds(examine("Hello, World!", signature))).contains(Kind.NO_SIGNATURE);
  }

  @Test
  void a_standard_signature_needs_id_and_timestamp() {
    String standard = standard(SECRET, MESSAGE, BODY);

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Evidence(Payload.of(BODY), standard, Optional.empty()))
        .withMessageContaining("webhook-id and webhook-timestamp");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Evidence(Payload.of(BODY), " ", Optional.empty()));
  }

  @Test
  void blank_long_and_too_many_secrets_are_refused_unquoted() {
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Keyring.of(" \n"));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> Keyring.of("x".repeat(1025)))
        .withMessageNotContaining("xx");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> Keyring.of(SECRET, List.of("1", "2", "3", "4", "5")));
    assertThat(Keyring.of(SECRET)).hasToString("(1 secrets)");
  }

  @Test
  void a_large_body_is_examined_within_bounds() {
    String large = "[" + "1,".repeat(1024 * 1024) + "1]";

    Examination examination = examine(large, sha256("another secret", "x"));

    assertThat(examination)
        .isInstanceOfSatisfying(
            Unexplained.class,
            it -> {
              assertThat(it.complete()).isFalse();
              assertThat(it.tries()).isBetween(5, 30);
            });
    assertThat(examination.sentence()).contains("not all");
  }

  private static List<Kind> kinds(Examination examination) {
    return switch (examination) {
      case Verified _ -> List.of();
      case Mistaken _, Unexplained _ -> examination.findings().stream().map(Mistake::kind).toList();
    };
  }

  private static Examination examine(String body, String signature) {
    return examine(Keyring.of(SECRET), body, signature);
  }

  private static Examination examine(Keyring keys, String body, String signature) {
    return Examination.of(
        new Evidence(Payload.of(body), signature, Optional.of(MESSAGE)),
        keys,
        () -> Stream.of(new Rewritten("with spaces", Payload.of(SPACED))));
  }

  private static List<Header> signed(SigningKeys keys) {
    return new Signatures(true).sign(keys, ID, Instant.ofEpochSecond(SENT), BODY.getBytes(UTF_8));
  }
}
