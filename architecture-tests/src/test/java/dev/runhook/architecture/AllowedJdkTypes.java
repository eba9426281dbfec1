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

/// What the domain may use of the JDK: no I/O, no network, no reflection, no threads. A list of
/// what is allowed, because a list of what is forbidden ages.
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

  /// Of packages that hold sockets, providers and files besides.
  private static final DescribedPredicate<JavaClass> SINGLE_TYPES =
      belongToAnyOf(
          URI.class,
          URISyntaxException.class,
          GeneralSecurityException.class,
          MessageDigest.class,
          NoSuchAlgorithmException.class,
          CRC32.class);

  /// Of allowed packages, but neither values nor computations.
  private static final DescribedPredicate<JavaClass> DOORS_OUT =
      belongToAnyOf(
          ClassLoader.class,
          Process.class,
          ProcessBuilder.class,
          Runtime.class,
          ServiceLoader.class,
          Thread.class,
          Timer.class,
          TimerTask.class);

  /// The JDK for values and computations, and the null contracts.
  static final DescribedPredicate<JavaClass> ALLOWED =
      PACKAGES
          .and(DescribedPredicate.not(DOORS_OUT))
          .or(SINGLE_TYPES)
          .or(DescribedPredicate.describe("primitive", JavaClass::isPrimitive))
          .as("the pure part of the JDK");

  /// What the application may use besides, to be called by many threads at once.
  static final DescribedPredicate<JavaClass> CONCURRENCY =
      resideInAPackage("java.util.concurrent..");

  private AllowedJdkTypes() {}
}
