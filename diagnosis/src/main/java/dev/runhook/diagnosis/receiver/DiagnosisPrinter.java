package dev.runhook.diagnosis.receiver;

import dev.runhook.diagnosis.Diagnosis;
import dev.runhook.diagnosis.Diagnosis.Explained;
import dev.runhook.diagnosis.Diagnosis.Unexplained;
import dev.runhook.diagnosis.Diagnosis.Valid;
import dev.runhook.diagnosis.DiagnosisJson;
import dev.runhook.diagnosis.SignatureMistake;
import java.io.PrintWriter;

/// Prints the diagnosis of a signature as text or JSON.
public final class DiagnosisPrinter {
  private final PrintWriter out;

  public DiagnosisPrinter(PrintWriter out) {
    this.out = out;
  }

  public void print(Diagnosis diagnosis) {
    out.println((diagnosis.isValid() ? "VERIFIED  " : "NOT VERIFIED  ") + summary(diagnosis));
    for (SignatureMistake cause : diagnosis.causes()) {
      out.println("  cause  " + cause.description());
      out.println("  fix    " + cause.fix());
    }
    out.flush();
  }

  private static String summary(Diagnosis diagnosis) {
    return switch (diagnosis) {
      case Valid ignored -> diagnosis.message();
      case Unexplained ignored -> diagnosis.message();
      case Explained(var header, var mistakes) ->
          header.headerName()
              + " does not match this body and secret; "
              + (mistakes.size() == 1
                  ? "one known mistake explains it:"
                  : mistakes.size() + " known mistakes together explain it:");
    };
  }

  /// Prints the diagnosis on one line, in the format of `POST /api/v1/signatures/check`.
  public void printJson(Diagnosis diagnosis) {
    out.println(DiagnosisJson.of(diagnosis));
    out.flush();
  }
}
