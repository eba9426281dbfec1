package dev.runhook.outbound.http;

import dev.runhook.domain.event.Payload;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;

/// Sends large payloads in chunks that are copied when they are written. `ofByteArray` would hold
/// two copies of the whole payload for each attempt, as long as the receiver does not respond.
final class PayloadPublisher implements BodyPublisher {
  private static final int MAX_SMALL_BYTES = 4 * 1024;
  private static final int CHUNK_BYTES = 16 * 1024;

  private final BodyPublisher body;
  private final Runnable onRequest;

  private PayloadPublisher(BodyPublisher body, Runnable onRequest) {
    this.body = body;
    this.onRequest = onRequest;
  }

  /// @param onRequest is called when the client asks for the body
  static BodyPublisher of(Payload payload, Runnable onRequest) {
    return new PayloadPublisher(
        payload.length() <= MAX_SMALL_BYTES
            ? BodyPublishers.ofByteArray(payload.bytes())
            : BodyPublishers.fromPublisher(
                BodyPublishers.ofByteArrays(() -> chunks(payload)), payload.length()),
        onRequest);
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    onRequest.run();
    body.subscribe(subscriber);
  }

  private static Iterator<byte[]> chunks(Payload payload) {
    int chunks = Math.ceilDiv(payload.length(), CHUNK_BYTES);
    return IntStream.range(0, chunks)
        .mapToObj(chunk -> payload.bytes(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES))
        .iterator();
  }
}
