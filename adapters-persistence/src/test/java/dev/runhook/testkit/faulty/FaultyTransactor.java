package dev.runhook.testkit.faulty;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store in which one method of one port is faulty.
public final class FaultyTransactor implements Transactor {
  /// Replaces the faulty method.
  public interface Replacement {
    @Nullable Object invoke(Invocation invocation) throws Throwable;
  }

  private final Transactor correct;
  private final Class<?> port;
  private final String method;
  private final Replacement replacement;

  /// Uses a store in memory.
  FaultyTransactor(Class<?> port, String method, Replacement replacement) {
    this(new InMemoryTransactor(SettableClock.atNoon()), port, method, replacement);
  }

  public FaultyTransactor(
      Transactor correct, Class<?> port, String method, Replacement replacement) {
    this.correct = correct;
    this.port = port;
    this.method = method;
    this.replacement = replacement;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    return correct.<T>inTransaction(unit -> work.apply(wrapUnit(unit)));
  }

  private UnitOfWork wrapUnit(UnitOfWork unit) {
    if (port == UnitOfWork.class) {
      return (UnitOfWork) wrapStore(unit);
    }
    return proxy(
        UnitOfWork.class,
        unit,
        invocation -> {
          Object store = invocation.proceed();
          return port.isInstance(store) ? wrapStore(store) : store;
        });
  }

  private Object wrapStore(Object store) {
    return proxy(
        port,
        store,
        invocation ->
            invocation.isCallOf(method) ? replacement.invoke(invocation) : invocation.proceed());
  }

  private static <P> P proxy(Class<P> port, Object correct, Replacement replacement) {
    Object proxy =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (ignored, method, arguments) ->
                replacement.invoke(new Invocation(correct, method, arguments)));
    return port.cast(proxy);
  }

  /// A call of a wrapped port.
  public static final class Invocation {
    private final Object correct;
    private final Method method;
    private final Object @Nullable [] arguments;

    private Invocation(Object correct, Method method, Object @Nullable [] arguments) {
      this.correct = correct;
      this.method = method;
      this.arguments = arguments;
    }

    private boolean isCallOf(String name) {
      return method.getName().equals(name);
    }

    /// Returns the correct store.
    <P> P target(Class<P> type) {
      return type.cast(correct);
    }

    public <A> A argument(int index, Class<A> type) {
      if (arguments == null) {
        throw new IllegalStateException(method + " has no arguments");
      }
      return type.cast(arguments[index]);
    }

    /// Calls the correct store.
    public @Nullable Object proceed() throws Throwable {
      try {
        return method.invoke(correct, arguments);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }
}
