package dev.runhook.testkit.wrong;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.testkit.InMemoryTransactor;
import dev.runhook.testkit.SettableClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store in memory that does everything right but one method of one port.
final class Tampered implements Transactor {
  /// What is done instead.
  interface Twist {
    @Nullable Object instead(Call call) throws Throwable;
  }

  private final InMemoryTransactor right = new InMemoryTransactor(SettableClock.atNoon());
  private final Class<?> port;
  private final String method;
  private final Twist twist;

  Tampered(Class<?> port, String method, Twist twist) {
    this.port = port;
    this.method = method;
    this.twist = twist;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    return right.<T>inTransaction(unit -> work.apply(unitWith(unit)));
  }

  private UnitOfWork unitWith(UnitOfWork unit) {
    return proxy(
        UnitOfWork.class,
        unit,
        call -> {
          Object store = call.asAsked();
          return port.isInstance(store) ? storeWith(store) : store;
        });
  }

  private Object storeWith(Object store) {
    return proxy(port, store, call -> call.isOf(method) ? twist.instead(call) : call.asAsked());
  }

  private static <P> P proxy(Class<P> port, Object right, Twist twist) {
    Object proxy =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> twist.instead(new Call(right, method, arguments)));
    return port.cast(proxy);
  }

  /// A call of something that is tampered with.
  static final class Call {
    private final Object right;
    private final Method method;
    private final Object @Nullable [] arguments;

    private Call(Object right, Method method, Object @Nullable [] arguments) {
      this.right = right;
      this.method = method;
      this.arguments = arguments;
    }

    private boolean isOf(String name) {
      return method.getName().equals(name);
    }

    /// The store that would do it right.
    <P> P on(Class<P> type) {
      return type.cast(right);
    }

    <A> A argument(int index, Class<A> type) {
      if (arguments == null) {
        throw new IllegalStateException(method + " takes nothing");
      }
      return type.cast(arguments[index]);
    }

    /// What the right store does.
    @Nullable Object asAsked() throws Throwable {
      try {
        return method.invoke(right, arguments);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }
}
