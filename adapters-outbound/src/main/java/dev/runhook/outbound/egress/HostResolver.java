package dev.runhook.outbound.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Resolves host names. Implementations may block for a long time.
public interface HostResolver {
  List<InetAddress> resolve(String host) throws UnknownHostException;
}
