package dev.runhook.systemtests.resilience;

import dev.runhook.systemtests.resilience.CrashPoint.Phase;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Delegates to PostgreSQL's driver and reports statements and commits to a [CrashTrigger].
final class FaultInjectingDriver implements Driver {
  private final CrashTrigger crashTrigger;

  FaultInjectingDriver(CrashTrigger crashTrigger) {
    this.crashTrigger = crashTrigger;
  }

  @Override
  public @Nullable Connection connect(String url, Properties properties) throws SQLException {
    Connection connection = postgres().connect(url, properties);
    return connection == null ? null : proxy(Connection.class, new ObservedConnection(connection));
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    return postgres().acceptsURL(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return postgres().getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return postgres().getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return postgres().jdbcCompliant();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  /// Loads PostgreSQL's driver late: its class registers itself, and this driver must be registered
  /// first.
  private static Driver postgres() {
    return new org.postgresql.Driver();
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            FaultInjectingDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  private static @Nullable String sql(Object @Nullable [] arguments) {
    return arguments != null && arguments.length > 0 && arguments[0] instanceof String sql
        ? sql
        : null;
  }

  /// A connection and the statements that its current transaction has executed.
  private final class ObservedConnection implements InvocationHandler {
    private final Connection connection;
    private final Set<String> executed = new HashSet<>();

    private ObservedConnection(Connection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      return switch (method.getName()) {
        case "commit" -> commit(method);
        case "rollback", "setAutoCommit" -> {
          executed.clear();
          yield call(connection, method, arguments);
        }
        default -> observed(call(connection, method, arguments), sql(arguments));
      };
    }

    private @Nullable Object commit(Method method) throws Throwable {
      crashTrigger.reached(Phase.BEFORE_COMMIT, executed);
      Object result = call(connection, method, null);
      crashTrigger.reached(Phase.AFTER_COMMIT, executed);
      executed.clear();
      return result;
    }

    private @Nullable Object observed(@Nullable Object result, @Nullable String sql) {
      return switch (result) {
        case PreparedStatement prepared -> proxy(PreparedStatement.class, statement(prepared, sql));
        case Statement plain -> proxy(Statement.class, statement(plain, null));
        case null, default -> result;
      };
    }

    private InvocationHandler statement(Statement statement, @Nullable String prepared) {
      return (_, method, arguments) -> {
        String sql = prepared == null ? sql(arguments) : prepared;
        if (method.getName().startsWith("execute") && sql != null) {
          crashTrigger.reached(Phase.BEFORE_STATEMENT, Set.of(sql));
          executed.add(sql);
        }
        return call(statement, method, arguments);
      };
    }
  }
}
