package dev.runhook.testkit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Semaphore;

/// Appends each payload as a line of Base64 to the file in `folder` that is named by the path of
/// the endpoint.
///
/// @param writer its permit is held by the thread that writes
record FileTransport(Path folder, Semaphore writer) implements Transport {
  @Override
  public Outcome post(SignedRequest request) {
    try {
      if (!writer.tryAcquire(request.timeout().toNanos(), NANOSECONDS)) {
        return new NoResponse(Cause.TIMEOUT, "others write for too long");
      }
      try {
        append(request);
        return Outcome.Responded.of(202);
      } finally {
        writer.release();
      }
    } catch (IOException ignored) {
      return new NoResponse(Cause.CONNECTION_REFUSED, "the file cannot be written");
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
      return new Outcome.InternalFailure("the sender was interrupted");
    }
  }

  private void append(SignedRequest request) throws IOException {
    Path file = folder.resolve(request.endpoint().uri().getPath().substring(1));
    String line = Base64.getEncoder().encodeToString(request.payload().bytes());
    Files.writeString(file, line + "\n", CREATE, APPEND);
  }
}
