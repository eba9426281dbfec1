package dev.runhook.bootstrap.receiver;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.diagnosis.Examination;
import dev.runhook.domain.diagnosis.Examination.Mistaken;
import dev.runhook.domain.diagnosis.Examination.Unexplained;
import dev.runhook.domain.diagnosis.Examination.Verified;
import dev.runhook.domain.diagnosis.Mistake;
import java.io.PrintWriter;

/// Prints what was found of a signature, for people or for programs.
public final class ExaminationPrinter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;

  public ExaminationPrinter(PrintWriter out) {
    this.out = out;
  }

  public void print(Examination examination) {
    out.println(
        (examination.isVerified() ? "VERIFIED  " : "NOT VERIFIED  ") + summary(examination));
    for (Mistake mistake : examination.findings()) {
      out.println("  mistake  " + mistake.what());
      out.println("  mend it  " + mistake.mend());
    }
    out.flush();
  }

  private static String summary(Examination examination) {
    return switch (examination) {
      case Verified _, Unexplained _ -> examination.sentence();
      case Mistaken(var header, var mistakes) ->
          header.title()
              + " is not the signature of this body with this secret; "
              + (mistakes.size() == 1
                  ? "one known mistake gives"
                  : mistakes.size() + " known mistakes together give")
              + " it:";
    };
  }

  /// One line, as `POST /api/v1/signatures/check` answers.
  public void printJson(Examination examination) {
    out.println(json(examination));
    out.flush();
  }

  static ObjectNode json(Examination examination) {
    ObjectNode object = JSON.createObjectNode();
    object.put("verdict", verdict(examination));
    object.put("header", examination.header().title());
    ArrayNode mistakes = object.putArray("mistakes");
    for (Mistake mistake : examination.findings()) {
      mistakes
          .addObject()
          .put("kind", mistake.kind().wireName())
          .put("what", mistake.what())
          .put("mend", mistake.mend());
    }
    return object.put("sentence", examination.sentence());
  }

  private static String verdict(Examination examination) {
    return switch (examination) {
      case Verified _ -> "VERIFIED";
      case Mistaken _ -> "MISTAKEN";
      case Unexplained _ -> "UNEXPLAINED";
    };
  }
}
