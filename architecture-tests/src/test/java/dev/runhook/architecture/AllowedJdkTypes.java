package dev.runhook.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ServiceLoader;
import java.util.Timer;
import java.util.TimerTask;
import java.util.zip.CRC32;

/// The types of the JDK that the domain may use: no I/O, no network, no reflection, no threads.
/// This is an allow-list, because a deny-list would not cover new types of the JDK.
final class AllowedJdkTypes {
  private static final DescribedPredicate<JavaClass> PACKAGES =
      resideInAnyPackage(
          "java.lang",
          "java.lang.runtime",
          "java.util",
          "java.util.function",
          "java.util.random",
          "java.util.regex",
          "java.util.stream",
          "java.time..",
          "java.math",
          "java.nio.charset",
          "javax.crypto",
          "javax.crypto.spec",
          "org.jspecify.annotations");

  /// Individual types from packages that also contain sockets, providers and files.
  private static final DescribedPredicate<JavaClass> SINGLE_TYPES =
      belongToAnyOf(
          URI.class,
          URISyntaxException.class,
          GeneralSecurityException.class,
          MessageDigest.class,
          NoSuchAlgorithmException.class,
          CRC32.class);

  /// Types of allowed packages that are neither values nor computations.
  private static final DescribedPredicate<JavaClass> FORBIDDEN_TYPES =
      belongToAnyOf(
          ClassLoader.class,
          Process.class,
          ProcessBuilder.class,
          Runtime.class,
          ServiceLoader.class,
          Thread.class,
          Timer.class,
          TimerTask.class);

  /// Types for values and computations, and the annotations of JSpecify.
  static final DescribedPredicate<JavaClass> ALLOWED =
      PACKAGES
          .and(DescribedPredicate.not(FORBIDDEN_TYPES))
          .or(SINGLE_TYPES)
          .or(DescribedPredicate.describe("primitive", JavaClass::isPrimitive))
          .as("the allowed types of the JDK");

  /// Additional types for the application, which many threads call.
  static final DescribedPredicate<JavaClass> CONCURRENCY =
      resideInAPackage("java.util.concurrent..");

  private AllowedJdkTypes() {}
}
