package dev.runhook.outbound.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExtraCaCertificatesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static TestCertificates certificates;

  @BeforeAll
  static void createCertificates() throws Exception {
    certificates = new TestCertificates(directory).authority("one").authority("other");
  }

  @Test
  void all_certificates_of_a_file_are_read_and_other_text_is_ignored() throws Exception {
    Path file =
        file(
            "Company CA:\r\n"
                + certificates.pem("one")
                + "\n# the other\n"
                + certificates.pem("other"));

    assertThat(ExtraCaCertificates.read(file))
        .containsExactly(certificates.certificate("one"), certificates.certificate("other"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no certificate",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n"
      })
  void a_file_without_a_valid_certificate_is_rejected_in_one_line(String text) throws Exception {
    Path file = file(text);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExtraCaCertificates.read(file))
        .satisfies(
            refused -> assertThat(refused.getMessage()).startsWith("names a file").hasLineCount(1));
  }

  @Test
  void a_missing_file_or_directory_is_rejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExtraCaCertificates.read(directory.resolve("missing.pem")))
        .withMessageContaining("missing.pem");
    assertThatIllegalArgumentException().isThrownBy(() -> ExtraCaCertificates.read(directory));
  }

  private static Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "certificates", ".pem"), text);
  }
}
