package dev.runhook.bench.subject;

import dev.runhook.bench.subject.Subject.Span;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/// Takes the orders of [ChildSubject] from the input, until that ends.
final class Orders {
  private Orders() {}

  /// What can be switched off and on between the work.
  interface Switch {
    void turn(boolean on);
  }

  static void take(IntFunction<Span> run) throws IOException {
    take(run, _ -> {});
  }

  static void take(IntFunction<Span> run, Switch engine) throws IOException {
    System.out.println("ready");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.startsWith("run ")) {
        Span span = run.apply(Integer.parseInt(line.substring("run ".length())));
        System.out.println("done " + span.from() + " " + span.to());
      } else {
        engine.turn(line.equals("go"));
        System.out.println("turned");
      }
    }
    System.exit(0);
  }
}
