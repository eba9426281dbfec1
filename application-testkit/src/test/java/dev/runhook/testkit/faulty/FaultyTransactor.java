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

/// A store in memory that does everything right but one method of one port.
final class FaultyTransactor implements Transactor {
  /// What is done instead.
  interface Replacement {
    @Nullable Object invoke(Invocation invocation) throws Throwable;
  }

  private final InMemoryTransactor right = new InMemoryTransactor(SettableClock.atNoon());
  private final Class<?> port;
  private final String method;
  private final Replacement replacement;

  FaultyTransactor(Class<?> port, String method, Replacement twist) {
    this.port = port;
    this.method = method;
    this.replacement = twist;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    return right.<T>inTransaction(unit -> work.apply(unitWith(unit)));
  }

  private UnitOfWork unitWith(UnitOfWork unit) {
    return proxy(
        UnitOfWork.class,
        unit,
        invocation -> {
          Object store = invocation.proceed();
          return port.isInstance(store) ? storeWith(store) : store;
        });
  }

  private Object storeWith(Object store) {
    return proxy(
        port,
        store,
        invocation ->
            invocation.isOf(method) ? replacement.invoke(invocation) : invocation.proceed());
  }

  private static <P> P proxy(Class<P> port, Object right, Replacement twist) {
    Object proxy =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> twist.invoke(new Invocation(right, method, arguments)));
    return port.cast(proxy);
  }

  /// A call of something that is tampered with.
  static final class Invocation {
    private final Object right;
    private final Method method;
    private final Object @Nullable [] arguments;

    private Invocation(Object right, Method method, Object @Nullable [] arguments) {
      this.right = right;
      this.method = method;
      this.arguments = arguments;
    }

    private boolean isOf(String name) {
      return method.getName().equals(name);
    }

    /// The store that would do it right.
    <P> P target(Class<P> type) {
      return type.cast(right);
    }

    <A> A argument(int index, Class<A> type) {
      if (arguments == null) {
        throw new IllegalStateException(method + " takes nothing");
      }
      return type.cast(arguments[index]);
    }

    /// What the right store does.
    @Nullable Object proceed() throws Throwable {
      try {
        return method.invoke(right, arguments);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }
}
