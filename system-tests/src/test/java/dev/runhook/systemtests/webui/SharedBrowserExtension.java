package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.testkit.Prerequisite;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Provides one server and one browser for all tests of the web UI in a JVM, because both start
/// slowly. Resets the browser before each test and expects an empty console after it. Each test
/// uses its own stacks and expects those of others. Tests are skipped if the browser is not
/// installed.
final class SharedBrowserExtension
    implements ExecutionCondition, ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(SharedBrowserExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Browser.isInstalled() || Prerequisite.isRequired()
        ? ConditionEvaluationResult.enabled("the browser is or must be installed")
        : ConditionEvaluationResult.disabled(
            "needs the Debian packages chromium and chromium-driver: "
                + Browser.CHROMIUM
                + " and "
                + Browser.DRIVER);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == WebUiFixture.class || type == Browser.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    if (parameter.getParameter().getType() == WebUiFixture.class) {
      return fixture(context);
    }
    Browser browser = browser(context);
    browser.reset();
    return browser;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) {
      findBrowser(context).ifPresent(browser -> assertThat(browser.consoleMessages()).isEmpty());
    }
  }

  private static WebUiFixture fixture(ExtensionContext context) {
    return store(context)
        .computeIfAbsent(WebUiFixture.class, _ -> WebUiFixture.start(), WebUiFixture.class);
  }

  private static Browser browser(ExtensionContext context) {
    WebUiFixture fixture = fixture(context);
    return store(context)
        .computeIfAbsent(Browser.class, _ -> Browser.start(fixture.url()), Browser.class);
  }

  private static Optional<Browser> findBrowser(ExtensionContext context) {
    return Optional.ofNullable(store(context).get(Browser.class, Browser.class));
  }

  /// The store closes its values after the last test of the JVM. The store of the root would do so
  /// after each class, because Maven starts every class on its own.
  private static Store store(ExtensionContext context) {
    return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
  }
}
