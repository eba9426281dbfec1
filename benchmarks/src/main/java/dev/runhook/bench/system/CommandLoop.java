package dev.runhook.bench.system;

import dev.runhook.bench.system.SystemUnderTest.TimeSpan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/// Runs the commands that [ChildProcessSystem] and [BacklogSystem] write to the input, until it
/// ends.
final class CommandLoop {
  private CommandLoop() {}

  /// Pauses and resumes the dispatcher.
  interface DispatchSwitch {
    void set(boolean dispatching);
  }

  static void run(IntFunction<TimeSpan> run) throws IOException {
    run(run, _ -> {});
  }

  static void run(IntFunction<TimeSpan> run, DispatchSwitch dispatch) throws IOException {
    System.out.println("ready");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.startsWith("run ")) {
        TimeSpan timeSpan = run.apply(Integer.parseInt(line.substring("run ".length())));
        System.out.println("done " + timeSpan.from() + " " + timeSpan.to());
      } else {
        boolean resume = line.equals("resume");
        dispatch.set(resume);
        System.out.println(resume ? "resumed" : "paused");
      }
    }
    System.exit(0);
  }
}
