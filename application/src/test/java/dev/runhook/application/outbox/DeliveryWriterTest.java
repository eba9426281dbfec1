package dev.runhook.application.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.Events.RenderedEvent;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryWriterTest {
  private static final int MIB = 1024 * 1024;

  private final List<Collection<?>> added = new ArrayList<>();

  @Test
  void large_payloads_are_stored_in_several_calls() {
    add(10, MIB);

    assertThat(added.stream().map(Collection::size)).containsExactly(4, 4, 2);
    assertThat(added.stream().flatMap(Collection::stream))
        .extracting(event -> ((RenderedEvent) event).event().id())
        .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(this::id).toList());
  }

  @Test
  void usual_payloads_are_stored_in_one_call() {
    add(256, 1024);

    assertThat(added.stream().map(Collection::size)).containsExactly(256);
  }

  @Test
  void nothing_is_stored_without_events() {
    add(0, 1);

    assertThat(added).isEmpty();
  }

  private void add(int events, int payloadLength) {
    Payload payload = Payload.of(new byte[payloadLength]);
    DeliveryWriter writer =
        new DeliveryWriter(unit(), DispatchHandoff.none(), ignored -> payload, noIds());
    Stack stack = Stack.named(new StackId(new AccountId("acme"), "demo"), "Demo");
    PingTarget target = new PingTarget("id", "https://example.com");
    IntStream.range(0, events)
        .forEach(
            number -> writer.add(new Ping(id(number), stack, Instant.EPOCH, target), List.of()));
    writer.save();
  }

  private EventId id(int number) {
    return new EventId(new UUID(0, number));
  }

  private UnitOfWork unit() {
    Events events =
        proxy(
            Events.class,
            arguments -> {
              added.add((Collection<?>) arguments[0]);
              return added;
            });
    return proxy(UnitOfWork.class, ignored -> events);
  }

  private interface Call {
    Object handle(Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                call.handle(arguments == null ? new Object[0] : arguments)));
  }

  private static IdGenerator noIds() {
    return proxy(
        IdGenerator.class,
        ignored -> {
          throw new IllegalStateException("no delivery needs an id");
        });
  }
}
