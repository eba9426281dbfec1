package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.http.HostileBehaviors;
import dev.runhook.outbound.http.HostileReceiver;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportFixture;
import dev.runhook.outbound.http.TransportSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The program that [DnsEgressFilterTest] runs in a separate JVM. It prints its observations.
final class DnsEgressFilterProcess {
  private static final EgressPolicy PUBLIC_ONLY = new EgressPolicy(List.of());

  private DnsEgressFilterProcess() {}

  public static void main(String[] args) throws Exception {
    try {
      run(args[0]);
    } catch (IllegalStateException e) {
      print(String.valueOf(e.getMessage()));
    }
    print("done");
  }

  private static void run(String scenario) throws Exception {
    switch (scenario) {
      case "filtered" -> {
        DnsEgressFilter.install(PUBLIC_ONLY, Set.of());
        lookup("localhost", "");
        lookup("LOCALHOST", "");
        Thread other = Thread.ofVirtual().start(() -> lookup("localhost", " on another thread"));
        other.join();
        reach("localhost", PUBLIC_ONLY);
      }
      case "exempt" -> {
        DnsEgressFilter.install(PUBLIC_ONLY, Set.of("LocalHost"));
        lookup("localhost", "");
        reach("localhost", PUBLIC_ONLY);
      }
      case "allowed" -> {
        DnsEgressFilter.install(TransportFixture.LOOPBACK, Set.of());
        lookup("localhost", "");
        reach("localhost", TransportFixture.LOOPBACK);
      }
      case "uninstalled" -> {
        lookup("localhost", "");
        reach("localhost", PUBLIC_ONLY);
      }
      case "direct transport" -> newTransport(Optional.empty());
      case "proxied transport" ->
          newTransport(Optional.of(EgressProxy.parse("http://127.0.0.1:3128")));
      case "late transport" -> {
        HttpRequest.newBuilder(URI.create("http://example.com/")).header("X-Host", "host").build();
        newTransport(Optional.empty());
      }
      case "twice" -> {
        DnsEgressFilter.install(PUBLIC_ONLY, Set.of());
        DnsEgressFilter.install(TransportFixture.LOOPBACK, Set.of());
      }
      case "late" -> {
        lookup("localhost", "");
        DnsEgressFilter.install(PUBLIC_ONLY, Set.of());
      }
      default -> throw new IllegalArgumentException(scenario);
    }
  }

  private static void newTransport(Optional<EgressProxy> proxy) {
    TransportSettings settings = TransportSettings.of(PUBLIC_ONLY).withProxy(proxy);
    new HttpTransport(settings, InstantSource.system()).close();
  }

  private static void lookup(String host, String where) {
    try {
      InetAddress[] found = InetAddress.getAllByName(host);
      print(host + (found.length > 0 ? " found" : " empty") + where);
    } catch (UnknownHostException ignored) {
      print(host + " denied" + where);
    }
  }

  private static void reach(String host, EgressPolicy policy) throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        TransportFixture transport =
            TransportFixture.withResolver(policy, JvmResolver::resolveUnfiltered)) {
      boolean delivered =
          transport.post("http://" + host + ":" + receiver.port() + "/").isDelivered();
      print(
          host
              + (delivered && receiver.connectionCount() == 1
                  ? " reached"
                  : receiver.connectionCount() == 0 ? " not reached" : " called"));
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
