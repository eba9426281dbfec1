package dev.runhook.outbound;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/// The addresses of this machine's network interfaces, as they were at most a minute ago.
final class LocalAddresses {
  private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();

  private record Snapshot(Set<InetAddress> addresses, long takenAt) {
    boolean isFresh() {
      return System.nanoTime() - takenAt < FRESH_NANOS;
    }
  }

  private volatile Snapshot snapshot = take();

  boolean contains(InetAddress address) {
    if (!snapshot.isFresh()) {
      snapshot = take();
    }
    return snapshot.addresses().contains(address);
  }

  private static Snapshot take() {
    try {
      Set<InetAddress> addresses =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .collect(Collectors.toSet());
      return new Snapshot(addresses, System.nanoTime());
    } catch (SocketException e) {
      throw new IllegalStateException("the machine's network interfaces cannot be listed", e);
    }
  }
}
