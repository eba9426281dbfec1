package dev.runhook.bootstrap.cli.receiver;

import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.cli.command.SecretOption;
import dev.runhook.diagnosis.Diagnosis;
import dev.runhook.diagnosis.DiagnosisInput;
import dev.runhook.diagnosis.DiagnosisInput.MessageHeaders;
import dev.runhook.diagnosis.Keyring;
import dev.runhook.diagnosis.MistakeSearch;
import dev.runhook.diagnosis.receiver.DiagnosisPrinter;
import dev.runhook.domain.event.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description =
        "Verifies a signature. If it does not match, prints the known mistake that explains it.",
    footer = "Exit codes: 0 valid, 1 not valid, 2 wrong usage.")
public final class VerifyCommand extends CliCommand {
  private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;
  private static final String STANDARD_INPUT = "-";

  @ArgGroup(multiplicity = "1")
  private SecretOption secret = new SecretOption();

  @Option(
      names = "--previous-secret",
      paramLabel = "S",
      description = "An earlier secret of the webhook; can be repeated.")
  private List<String> previous = new ArrayList<>();

  @Option(
      names = "--body",
      required = true,
      paramLabel = "FILE",
      description = "The exact bytes of the body; - reads standard input.")
  private String body = STANDARD_INPUT;

  @Option(
      names = "--signature",
      required = true,
      paramLabel = "V",
      description =
          "The value of X-Signature-256, X-Signature or webhook-signature, or the whole header"
              + " line.")
  private String signature = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The webhook-id of the request; required for webhook-signature.")
  private @Nullable String id;

  @Option(
      names = "--timestamp",
      paramLabel = "SECONDS",
      description = "The webhook-timestamp of the request; required for webhook-signature.")
  private @Nullable Long timestamp;

  @Option(names = "--json", description = "Prints the result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Diagnosis diagnosis = diagnose();
    DiagnosisPrinter printer = new DiagnosisPrinter(out());
    if (json) {
      printer.printJson(diagnosis);
    } else {
      printer.print(diagnosis);
    }
    return diagnosis.isValid() ? EXIT_SUCCESS : EXIT_FAILURE;
  }

  private Diagnosis diagnose() {
    String text = secret.secret(this);
    Payload payload = payload();
    return parse(
        "",
        () ->
            MistakeSearch.diagnose(
                new DiagnosisInput(payload, signature, messageHeaders()),
                new Keyring(text, previous)));
  }

  private Optional<MessageHeaders> messageHeaders() {
    if (id == null && timestamp == null) {
      return Optional.empty();
    }
    if (id == null || timestamp == null) {
      throw usageError("--id and --timestamp must be set together");
    }
    return Optional.of(new MessageHeaders(id, timestamp));
  }

  private Payload payload() {
    try (InputStream in =
        body.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(body))) {
      byte[] bytes = in.readNBytes(MAX_BODY_BYTES + 1);
      if (bytes.length > MAX_BODY_BYTES) {
        throw usageError("--body exceeds 10 MiB, the maximum size of a delivery");
      }
      return Payload.of(bytes);
    } catch (IOException _) {
      throw usageError("--body is unreadable: " + body);
    }
  }
}
