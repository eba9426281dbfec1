package dev.runhook.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.util.regex.Pattern;

/// Calls and method references that read the environment of the process instead of a parameter, so
/// that a test could not control them. The patterns match full names such as
/// `java.time.Instant.now()`.
final class AmbientCalls {
  /// The wall clock and unpredictable ids. `InstantSource`, `IdGenerator` and `RandomGenerator`
  /// replace them.
  static final DescribedPredicate<JavaAccess<?>> TIME_AND_IDS =
      matching(
          "the time or an id is not injected",
          """
          java\\.time\\..*\\.now\\(\\)
          java\\.time\\.Clock\\.(system.*|tick(Millis|Seconds|Minutes)\\(.*)
          java\\.time\\.InstantSource\\.system\\(\\)
          java\\.lang\\.System\\.currentTimeMillis\\(\\)
          java\\.lang\\.Math\\.random\\(\\)
          java\\.util\\.Date\\.<init>\\(\\)
          java\\.util\\.Random\\.<init>\\(\\)
          java\\.util\\.UUID\\.randomUUID\\(\\)
          """);

  /// Random numbers and `nanoTime`. Adapters may use them, for example for socket deadlines.
  static final DescribedPredicate<JavaAccess<?>> RANDOM_NUMBERS_AND_NANO_TIME =
      matching(
          "random numbers or nanoTime are not injected",
          """
          java\\.lang\\.System\\.nanoTime\\(\\)
          java\\.security\\.SecureRandom\\.(<init>|getInstance).*
          java\\.util\\.SplittableRandom\\.<init>\\(\\)
          java\\.util\\.concurrent\\.ThreadLocalRandom\\.current\\(\\)
          java\\.util\\.random\\.RandomGenerator\\.(getDefault|of)\\(.*
          """);

  /// New threads and thread pools. An `Executor` replaces them.
  static final DescribedPredicate<JavaAccess<?>> THREADS =
      matching(
          "a thread is started",
          """
          java\\.lang\\.Thread\\.(<init>|startVirtualThread|ofVirtual|ofPlatform)\\(.*
          java\\.util\\.concurrent\\.Executors\\..*
          java\\.util\\.concurrent\\.ForkJoinPool\\..*
          java\\.util\\.concurrent\\.(Scheduled)?ThreadPoolExecutor\\.<init>.*
          java\\.util\\.concurrent\\.Complet.*Async\\((?!.*Executor).*
          """);

  /// Calls that wait for a fixed time. Calls that wait for a condition or a future are allowed.
  static final DescribedPredicate<JavaAccess<?>> SLEEPS =
      matching(
          "a thread sleeps",
          """
          java\\.lang\\.Thread\\.(sleep|yield)\\(.*
          java\\.util\\.concurrent\\.TimeUnit\\.sleep\\(.*
          java\\.util\\.concurrent\\.locks\\.LockSupport\\.park.*
          """);

  static final DescribedPredicate<JavaAccess<?>> ENVIRONMENT_VARIABLES =
      matching("environment variables are read", "java\\.lang\\.System\\.getenv\\(.*");

  private AmbientCalls() {}

  /// @param patterns one pattern for each line
  private static DescribedPredicate<JavaAccess<?>> matching(String description, String patterns) {
    Pattern pattern = Pattern.compile(String.join("|", patterns.lines().toList()));
    return DescribedPredicate.describe(
        description, access -> pattern.matcher(access.getTarget().getFullName()).matches());
  }
}
