package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.http.HostileBehaviors;
import dev.runhook.outbound.http.HostileReceiver;
import dev.runhook.outbound.http.TransportFixture;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

/// What [DnsEgressFilterTest] runs in a JVM of its own; says on standard output what it sees.
final class DnsEgressFilterProcess {
  private static final EgressPolicy PUBLIC_ONLY = new EgressPolicy(List.of());

  private DnsEgressFilterProcess() {}

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
        DnsEgressFilter.install(PUBLIC_ONLY, Set.of());
        lookUp("localhost", "");
        lookUp("LOCALHOST", "");
        Thread other = Thread.ofVirtual().start(() -> lookUp("localhost", " on another thread"));
        other.join();
        reach("localhost", PUBLIC_ONLY);
      }
      case "exempt" -> {
        DnsEgressFilter.install(PUBLIC_ONLY, Set.of("LocalHost"));
        lookUp("localhost", "");
      }
      case "allowed" -> {
        DnsEgressFilter.install(TransportFixture.LOOPBACK, Set.of());
        lookUp("localhost", "");
        reach("localhost", TransportFixture.LOOPBACK);
      }
      case "uninstalled" -> {
        lookUp("localhost", "");
        reach("localhost", PUBLIC_ONLY);
      }
      case "twice" -> {
        DnsEgressFilter.install(PUBLIC_ONLY, Set.of());
        DnsEgressFilter.install(TransportFixture.LOOPBACK, Set.of());
      }
      case "late" -> {
        lookUp("localhost", "");
        DnsEgressFilter.install(PUBLIC_ONLY, Set.of());
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
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transportFixture =
            TransportFixture.withResolver(policy, FilteringResolver::resolveUnfiltered)) {
      boolean delivered =
          transportFixture.post("http://" + host + ":" + receiver.port() + "/").isDelivered();
      say(
          host
              + (delivered && receiver.connectionCount() == 1
                  ? " reached"
                  : receiver.connectionCount() == 0 ? " not reached" : " called"));
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
