package dev.runhook.testkit.contract;

import java.util.Locale;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Rewords the failure of a contract test as the requirement that the adapter does not meet.
final class ContractFailureExtension implements TestExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    Class<?> contract = context.getRequiredTestMethod().getDeclaringClass();
    if (!contract.isInterface()) {
      throw thrown; // the test does not belong to a contract
    }
    String requirement = context.getRequiredTestMethod().getName().replace('_', ' ');
    throw new AssertionError(
        String.format(
            Locale.ROOT,
            "%s requires: %s. %s fails: %s",
            contract.getSimpleName(),
            requirement,
            context.getRequiredTestClass().getSimpleName(),
            String.valueOf(thrown.getMessage()).strip()),
        thrown);
  }
}
