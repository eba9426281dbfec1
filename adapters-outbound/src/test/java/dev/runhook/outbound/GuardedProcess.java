package dev.runhook.outbound;

import dev.runhook.domain.egress.EgressPolicy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

/// What [EgressGuardTest] runs in a JVM of its own; says on standard output what it sees.
final class GuardedProcess {
  private static final EgressPolicy PUBLIC_ONLY = new EgressPolicy(List.of());

  private GuardedProcess() {}

  public static void main(String[] args) throws Exception {
    try {
      play(args[0]);
    } catch (IllegalStateException e) {
      say(String.valueOf(e.getMessage()));
    }
    say("done");
  }

  private static void play(String scene) throws Exception {
    switch (scene) {
      case "guarded" -> {
        EgressGuard.install(PUBLIC_ONLY, Set.of());
        lookUp("localhost", "");
        lookUp("LOCALHOST", "");
        Thread other = Thread.ofVirtual().start(() -> lookUp("localhost", " on another thread"));
        other.join();
        reach("localhost", PUBLIC_ONLY);
      }
      case "exempt" -> {
        EgressGuard.install(PUBLIC_ONLY, Set.of("LocalHost"));
        lookUp("localhost", "");
      }
      case "allowed" -> {
        EgressGuard.install(Sender.LOOPBACK, Set.of());
        lookUp("localhost", "");
        reach("localhost", Sender.LOOPBACK);
      }
      case "uninstalled" -> {
        lookUp("localhost", "");
        reach("localhost", PUBLIC_ONLY);
      }
      case "twice" -> {
        EgressGuard.install(PUBLIC_ONLY, Set.of());
        EgressGuard.install(Sender.LOOPBACK, Set.of());
      }
      case "late" -> {
        lookUp("localhost", "");
        EgressGuard.install(PUBLIC_ONLY, Set.of());
      }
      default -> throw new IllegalArgumentException(scene);
    }
  }

  private static void lookUp(String host, String where) {
    try {
      InetAddress[] found = InetAddress.getAllByName(host);
      say(host + (found.length > 0 ? " found" : " empty") + where);
    } catch (UnknownHostException _) {
      say(host + " denied" + where);
    }
  }

  private static void reach(String host, EgressPolicy policy) throws Exception {
    try (HostileReceiver receiver = HostileReceiver.that(Behaviours.ANSWERS_204);
        Sender sender = Sender.resolving(policy, GuardedResolver::systemAddresses)) {
      boolean delivered = sender.post("http://" + host + ":" + receiver.port() + "/").isDelivered();
      say(
          host
              + (delivered && receiver.accepted() == 1
                  ? " reached"
                  : receiver.accepted() == 0 ? " not reached" : " called"));
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
