package dev.runhook.testkit;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.testkit.contract.transport.TestReceiver;
import dev.runhook.testkit.contract.transport.TransportContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.io.TempDir;

/// Runs the contract for a transport without a network.
public class FileTransportTest implements TransportContract {
  @TempDir private Path folder;

  private final Semaphore writer = new Semaphore(1);

  @Override
  public Transport transport() {
    return new FileTransport(folder, writer);
  }

  @Override
  public TestReceiver acceptingReceiver() {
    return new ReceivingFile("outbox", () -> {});
  }

  @Override
  public TestReceiver failingReceiver() {
    return new ReceivingFile("missing-folder/outbox", () -> {});
  }

  @Override
  public TestReceiver silentReceiver() {
    writer.acquireUninterruptibly();
    return new ReceivingFile("outbox", writer::release);
  }

  private final class ReceivingFile implements TestReceiver {
    private final String name;
    private final Runnable onClose;

    ReceivingFile(String name, Runnable onClose) {
      this.name = name;
      this.onClose = onClose;
    }

    @Override
    public Endpoint endpoint() {
      return Endpoint.ofStored("https://files.example.com/" + name);
    }

    @Override
    public List<Payload> received() {
      try (var lines = Files.lines(folder.resolve(name))) {
        return lines.map(Base64.getDecoder()::decode).map(Payload::of).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      onClose.run();
    }
  }
}
