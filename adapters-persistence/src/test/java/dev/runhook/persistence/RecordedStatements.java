package dev.runhook.persistence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/// The distinct SQL statements that were prepared on the connections of a data source.
public final class RecordedStatements {
  private final Set<String> statements = ConcurrentHashMap.newKeySet();

  public Set<String> statements() {
    return statements;
  }

  /// Returns a data source whose statements are recorded.
  public DataSource record(DataSource source) {
    return proxy(
        DataSource.class,
        (ignored, method, arguments) -> {
          Object result = invoke(source, method, arguments);
          return result instanceof Connection connection ? record(connection) : result;
        });
  }

  private Connection record(Connection connection) {
    return proxy(
        Connection.class,
        (ignored, method, arguments) -> {
          if (method.getName().equals("prepareStatement")) {
            statements.add((String) arguments[0]);
          }
          return invoke(connection, method, arguments);
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
