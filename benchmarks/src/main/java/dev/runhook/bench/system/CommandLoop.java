package dev.runhook.bench.system;

import dev.runhook.bench.system.SystemUnderTest.TimeSpan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/// Takes the orders of [ChildProcessSystem] from the input, until that ends.
final class CommandLoop {
  private CommandLoop() {}

  /// What can be switched off and on between the work.
  interface EngineSwitch {
    void turn(boolean on);
  }

  static void run(IntFunction<TimeSpan> run) throws IOException {
    run(run, _ -> {});
  }

  static void run(IntFunction<TimeSpan> run, EngineSwitch engine) throws IOException {
    System.out.println("ready");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.startsWith("run ")) {
        TimeSpan timeSpan = run.apply(Integer.parseInt(line.substring("run ".length())));
        System.out.println("done " + timeSpan.from() + " " + timeSpan.to());
      } else {
        engine.turn(line.equals("go"));
        System.out.println("turned");
      }
    }
    System.exit(0);
  }
}
