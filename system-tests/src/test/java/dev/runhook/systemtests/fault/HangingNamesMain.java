package dev.runhook.systemtests.fault;

import dev.runhook.bootstrap.cli.Main;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.File;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Runs the unchanged product over a system resolver for which names that end with [#HANGING] have
/// DNS servers that do not answer. All other names have the address 127.0.0.1.
final class HangingNamesMain {
  static final String HANGING = ".hanging.example";
  static final String ANSWERED = ".answered.example";

  /// That of the system resolver: two attempts of five seconds.
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private HangingNamesMain() {}

  static List<String> command() {
    return RunhookProcess.command(
        "-cp",
        RunhookProcess.jar() + File.pathSeparator + Path.of("target/test-classes").toAbsolutePath(),
        HangingNamesMain.class.getName(),
        "serve");
  }

  /// Replaces the resolver after the first lookup, at which the JVM installs that of the product.
  static void main(String[] arguments) throws ReflectiveOperationException, UnknownHostException {
    InetAddress.getByName("localhost");
    Method install =
        Class.forName("dev.runhook.outbound.egress.JvmResolver")
            .getDeclaredMethod("installOver", InetAddressResolver.class);
    install.setAccessible(true);
    install.invoke(null, new HangingResolver());
    Main.main(arguments);
  }

  private static final class HangingResolver implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      if (host.endsWith(HANGING)) {
        hang(host);
      }
      return Stream.of(InetAddress.ofLiteral("127.0.0.1"));
    }

    private static void hang(String host) throws UnknownHostException {
      try {
        Thread.sleep(TIMEOUT);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      throw new UnknownHostException(host);
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      throw new UnknownHostException();
    }
  }
}
