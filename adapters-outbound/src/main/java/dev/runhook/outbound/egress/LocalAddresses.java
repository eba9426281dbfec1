package dev.runhook.outbound.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Tests whether an address belongs to a network interface of this machine. The list of addresses
/// is at most one minute old. Thread-safe.
public final class LocalAddresses implements Predicate<byte[]> {
  private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();

  private record Snapshot(Set<ByteBuffer> addresses, long takenAt) {
    boolean isFresh() {
      return System.nanoTime() - takenAt < FRESH_NANOS;
    }
  }

  private volatile Snapshot snapshot = take();

  @Override
  public boolean test(byte[] address) {
    if (!snapshot.isFresh()) {
      snapshot = take();
    }
    return snapshot.addresses().contains(ByteBuffer.wrap(address));
  }

  private static Snapshot take() {
    try {
      Set<ByteBuffer> addresses =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .map(InetAddress::getAddress)
              .map(ByteBuffer::wrap)
              .collect(Collectors.toSet());
      return new Snapshot(addresses, System.nanoTime());
    } catch (SocketException e) {
      throw new IllegalStateException("cannot list the network interfaces", e);
    }
  }
}
