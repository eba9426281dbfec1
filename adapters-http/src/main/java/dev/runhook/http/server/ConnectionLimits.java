package dev.runhook.http.server;

/// How many connections of clients may be open at the same time. Others are closed at once. Behind
/// a reverse proxy, all connections come from the address of the proxy.
///
/// @param perAddress the maximum for one address, where a network of 64 bits is one IPv6 address
public record ConnectionLimits(int total, int perAddress) {
  public ConnectionLimits {
    if (total < 1 || perAddress < 1) {
      throw new IllegalArgumentException(
          "the connections must be limited to at least 1, not to %d and %d per address"
              .formatted(total, perAddress));
    }
  }

  public static ConnectionLimits defaults() {
    return new ConnectionLimits(4096, 1024);
  }
}
