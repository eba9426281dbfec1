package dev.runhook.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A host that does not bring what Runhook leaves to hosts.
class MissingLibraryTest {
  private static final DataSource ANY =
      (DataSource)
          Proxy.newProxyInstance(
              MissingLibraryTest.class.getClassLoader(),
              new Class<?>[] {DataSource.class},
              (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  @Test
  void a_start_without_the_driver_names_the_dependency() throws Exception {
    Object builder = builderWithout("org.postgresql.");

    assertThatThrownBy(() -> call(builder, "start"))
        .cause()
        .hasToString(
            "dev.runhook.persistence.schema.UnusableDatabaseException: PostgreSQL's JDBC driver is"
                + " missing; add the dependency org.postgresql:postgresql");
  }

  @Test
  void nothing_needs_micrometer() throws Exception {
    Object builder = builderWithout("io.micrometer.");

    try (AutoCloseable runhook = (AutoCloseable) call(builder, "build")) {
      assertThat(call(runhook, "lag")).isEqualTo(Optional.empty());
    }
  }

  private static Object builderWithout(String library) throws Exception {
    Class<?> runhook = new WithoutLibrary(library).loadClass("dev.runhook.embedded.Runhook");
    return runhook.getMethod("on", DataSource.class).invoke(null, ANY);
  }

  private static Object call(Object target, String method) throws Exception {
    return target.getClass().getMethod(method).invoke(target);
  }

  /// Loads what uses the libraries again, and does not find one of them.
  private static final class WithoutLibrary extends ClassLoader {
    private static final List<String> RELOADED =
        List.of("dev.runhook.embedded.", "dev.runhook.persistence.", "org.jdbi.");

    private final String library;

    WithoutLibrary(String library) {
      super(MissingLibraryTest.class.getClassLoader());
      this.library = library;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(library)) {
        throw new ClassNotFoundException(name);
      }
      if (RELOADED.stream().noneMatch(name::startsWith)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (@Nullable InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
