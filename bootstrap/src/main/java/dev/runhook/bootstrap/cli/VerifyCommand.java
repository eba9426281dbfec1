package dev.runhook.bootstrap.cli;

import dev.runhook.application.diagnosis.SignatureDiagnoser;
import dev.runhook.bootstrap.receiver.DiagnosisPrinter;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.diagnosis.DiagnosisInput;
import dev.runhook.domain.diagnosis.Keyring;
import dev.runhook.domain.diagnosis.MessageHeaders;
import dev.runhook.domain.event.Payload;
import dev.runhook.outbound.payload.JacksonReserializer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    description =
        "Verifies a signature. If it does not match, prints the known mistake that explains it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "Exit codes: 0 valid, 1 not valid, 2 wrong usage."})
final class VerifyCommand implements Callable<Integer> {
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

  @Spec private CommandSpec spec;

  VerifyCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Diagnosis diagnosis = diagnose();
    DiagnosisPrinter printer = new DiagnosisPrinter(spec.commandLine().getOut());
    if (json) {
      printer.printJson(diagnosis);
    } else {
      printer.print(diagnosis);
    }
    return diagnosis.isValid() ? 0 : Main.EXIT_FAILURE;
  }

  private Diagnosis diagnose() {
    String text = secret.secret(spec);
    Payload payload = payload();
    try {
      DiagnosisInput input = new DiagnosisInput(payload, signature, messageHeaders());
      return SignatureDiagnoser.using(new JacksonReserializer())
          .diagnose(input, Keyring.of(text, previous));
    } catch (IllegalArgumentException e) {
      throw UsageErrors.of(spec, String.valueOf(e.getMessage()));
    }
  }

  private Optional<MessageHeaders> messageHeaders() {
    if (id == null && timestamp == null) {
      return Optional.empty();
    }
    if (id == null || timestamp == null) {
      throw UsageErrors.of(spec, "--id and --timestamp must be set together");
    }
    return Optional.of(new MessageHeaders(id, timestamp));
  }

  private Payload payload() {
    try (InputStream in =
        body.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(body))) {
      byte[] bytes = in.readNBytes(MAX_BODY_BYTES + 1);
      if (bytes.length > MAX_BODY_BYTES) {
        throw UsageErrors.of(spec, "--body exceeds 10 MiB, the maximum size of a delivery");
      }
      return Payload.of(bytes);
    } catch (IOException _) {
      throw UsageErrors.of(spec, "--body is unreadable: " + body);
    }
  }
}
