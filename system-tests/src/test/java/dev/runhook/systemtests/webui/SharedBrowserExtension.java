package dev.runhook.systemtests.webui;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// One server and one browser for all tests of the page, for each takes longer to start than most
/// of them to run. The browser comes to every test as if nobody had used it before, and must leave
/// it with an empty console; stacks are told apart by their names. Where there is no browser, tests
/// are skipped and say so.
final class SharedBrowserExtension
    implements ExecutionCondition, ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(SharedBrowserExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Browser.isInstalled()
        ? ConditionEvaluationResult.enabled("there is a browser")
        : ConditionEvaluationResult.disabled(
            "needs Debian's packages chromium and chromium-driver, that is "
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
      return site(context);
    }
    Browser browser = browser(context);
    browser.reset();
    return browser;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) {
      known(context).ifPresent(browser -> assertThat(browser.consoleMessages()).isEmpty());
    }
  }

  private static WebUiFixture site(ExtensionContext context) {
    return store(context)
        .computeIfAbsent(WebUiFixture.class, _ -> WebUiFixture.start(), WebUiFixture.class);
  }

  private static Browser browser(ExtensionContext context) {
    WebUiFixture webUiFixture = site(context);
    return store(context)
        .computeIfAbsent(Browser.class, _ -> Browser.start(webUiFixture.url()), Browser.class);
  }

  private static Optional<Browser> known(ExtensionContext context) {
    return Optional.ofNullable(store(context).get(Browser.class, Browser.class));
  }

  /// Whatever is in it ends with the last test.
  private static Store store(ExtensionContext context) {
    return requireNonNull(context.getRoot()).getStore(NAMESPACE);
  }
}
