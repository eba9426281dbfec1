package dev.runhook.application.spi;

import dev.runhook.domain.diagnosis.Diagnosis.ReserializedBody;
import dev.runhook.domain.event.Payload;
import java.util.stream.Stream;

/// Produces the bodies that programs send when they parse a JSON body and serialize it again.
public interface JsonReserializer {
  /// Returns variants of the body, the likeliest first, each computed on demand. None is equal to
  /// the body. The stream is empty if the body is not JSON or is too large.
  Stream<ReserializedBody> reserialize(Payload body);
}
