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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    description =
        "Says whether a signature verifies and, if not, which known mistake would produce it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "Exit code: 0 it verifies, 1 it does not, 2 wrong usage."})
final class VerifyCommand implements Callable<Integer> {
  private static final int LARGEST_BODY = 10 * 1024 * 1024;
  private static final String STANDARD_INPUT = "-";

  @ArgGroup(multiplicity = "1")
  private SecretOption secret = new SecretOption();

  @Option(
      names = "--previous-secret",
      paramLabel = "S",
      description = "A secret that was the webhook's before; may be given several times.")
  private List<String> previous = new ArrayList<>();

  @Option(
      names = "--body",
      required = true,
      paramLabel = "FILE",
      description = "The body, byte for byte as it came; - is standard input.")
  private String body = STANDARD_INPUT;

  @Option(
      names = "--signature",
      required = true,
      paramLabel = "V",
      description =
          "The value of X-Signature-256, X-Signature or webhook-signature, or the whole line.")
  private String signature = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The request's webhook-id, for webhook-signature.")
  private @Nullable String id;

  @Option(
      names = "--timestamp",
      paramLabel = "SECONDS",
      description = "The request's webhook-timestamp, for webhook-signature.")
  private @Nullable Long timestamp;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  VerifyCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Diagnosis diagnosis = examined();
    DiagnosisPrinter printer = new DiagnosisPrinter(spec.commandLine().getOut());
    if (json) {
      printer.printJson(diagnosis);
    } else {
      printer.print(diagnosis);
    }
    return diagnosis.isValid() ? 0 : Main.EXIT_FAILURE;
  }

  private Diagnosis examined() {
    String text = secret.secret(spec);
    Payload payload = payload();
    try {
      DiagnosisInput input = new DiagnosisInput(payload, signature, message());
      return SignatureDiagnoser.using(new JacksonReserializer())
          .diagnose(input, Keyring.of(text, previous));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private Optional<MessageHeaders> message() {
    if (id == null && timestamp == null) {
      return Optional.empty();
    }
    if (id == null || timestamp == null) {
      throw wrong("--id and --timestamp belong together; give both or neither");
    }
    return Optional.of(new MessageHeaders(id, timestamp));
  }

  private Payload payload() {
    try (InputStream in =
        body.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(body))) {
      byte[] bytes = in.readNBytes(LARGEST_BODY + 1);
      if (bytes.length > LARGEST_BODY) {
        throw wrong("--body is over 10 MiB; no delivery is that large");
      }
      return Payload.of(bytes);
    } catch (IOException _) {
      throw wrong("--body cannot be read: " + body);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
