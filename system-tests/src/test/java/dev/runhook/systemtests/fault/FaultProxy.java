package dev.runhook.systemtests.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP proxy on loopback that injects a [Fault] between Runhook and its database or a receiver.
final class FaultProxy implements AutoCloseable {
  private static final int MAX_CHUNK = 16 * 1024;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private Fault fault = new Fault.None();
  private boolean closed;

  private FaultProxy(int target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param target the port on loopback to which the proxy forwards
  static FaultProxy forPort(int target) {
    FaultProxy proxy = new FaultProxy(target);
    Thread.ofPlatform().name("fault-proxy").daemon().start(proxy::acceptAll);
    return proxy;
  }

  int port() {
    return server.getLocalPort();
  }

  /// Applies a fault from now on, including to existing connections if it concerns them.
  void setFault(Fault next) {
    synchronized (this) {
      fault = next;
      notifyAll();
    }
    if (next instanceof Fault.Reset) {
      sockets.forEach(this::reset);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    sockets.forEach(this::end);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized Fault fault() {
    return fault;
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = server.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException _) {
      sockets.forEach(this::end); // the proxy is closed
    }
  }

  private void serve(Socket client) {
    switch (fault()) {
      case Fault.Reset _ -> reset(client);
      case Fault.HalfOpen _ -> {}
      case Fault.None _, Fault.Latency _, Fault.Bandwidth _, Fault.BlackHole _, Fault.CutAfter _ ->
          connect(client);
    }
  }

  @SuppressWarnings("resource") // the two copying threads close it
  private void connect(Socket client) {
    try {
      Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(upstream);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> copy(client, upstream));
      Thread.ofVirtual().start(() -> copy(upstream, client));
    } catch (IOException _) {
      reset(client); // the target does not listen
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] chunk = new byte[MAX_CHUNK];
    long passed = 0;
    try {
      for (int read = from.getInputStream().read(chunk);
          read >= 0;
          read = from.getInputStream().read(chunk)) {
        int forwarded = admitted(read, passed);
        to.getOutputStream().write(chunk, 0, forwarded);
        passed += forwarded;
        if (forwarded < read) {
          break;
        }
      }
    } catch (IOException _) {
      // one side has closed the connection, and the other side is closed below
    } finally {
      end(from);
      end(to);
    }
  }

  /// Waits as long as the fault requires and returns the number of bytes to forward.
  private int admitted(int read, long passed) throws IOException {
    awaitEndOfBlackHole();
    return switch (fault()) {
      case Fault.None _, Fault.HalfOpen _, Fault.Reset _, Fault.BlackHole _ -> read;
      case Fault.Latency(Duration delay) -> after(delay, read);
      case Fault.Bandwidth(int bytesPerSecond) ->
          after(Duration.ofNanos(read * 1_000_000_000L / bytesPerSecond), read);
      case Fault.CutAfter(int bytes) -> (int) Math.min(read, Math.max(0, bytes - passed));
    };
  }

  private synchronized void awaitEndOfBlackHole() throws IOException {
    while (fault instanceof Fault.BlackHole && !closed) {
      waitFor(0);
    }
  }

  private synchronized int after(Duration delay, int read) throws IOException {
    long end = System.nanoTime() + delay.toNanos();
    for (long left = delay.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      waitFor(left);
      if (closed) {
        return read;
      }
    }
    return read;
  }

  @SuppressWarnings("WaitNotInLoop") // the callers wait in a loop
  private synchronized void waitFor(long millis) throws IOException {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // the socket is already closed
    }
    end(socket);
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // the socket is already closed
    }
  }
}
