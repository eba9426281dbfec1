package dev.runhook.testkit.contract;

import java.util.Locale;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Words the failure of a contract's test as what it is: a promise that the adapter does not keep.
final class ContractFailureExtension implements TestExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    Class<?> contract = context.getRequiredTestMethod().getDeclaringClass();
    if (!contract.isInterface()) {
      throw thrown; // a test of the adapter's own
    }
    String promise = context.getRequiredTestMethod().getName().replace('_', ' ');
    throw new AssertionError(
        String.format(
            Locale.ROOT,
            "%s promises: %s. %s does not keep this: %s",
            contract.getSimpleName(),
            promise,
            context.getRequiredTestClass().getSimpleName(),
            String.valueOf(thrown.getMessage()).strip()),
        thrown);
  }
}
