package dev.runhook.testkit.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Marks a contract: each of its tests is a promise, named as a sentence, and an adapter that
/// breaks one is told by that sentence.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ContractFailureExtension.class)
public @interface Contract {}
