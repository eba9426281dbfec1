package dev.runhook.application.spi;

import dev.runhook.domain.diagnosis.ReserializedBody;
import dev.runhook.domain.event.Payload;
import java.util.stream.Stream;

/// The ways in which programs write a body anew when they have parsed it.
public interface JsonReserializer {
  /// The likelier first, each made when it is taken, none like the body itself; none at all where
  /// the body is no JSON, or too large to be worth it.
  Stream<ReserializedBody> reserialize(Payload body);
}
