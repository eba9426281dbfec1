package dev.runhook.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.util.regex.Pattern;

/// Calls and method references that take something out of the air, where a test could have handed
/// in its own. They are matched by their full names, such as `java.time.Instant.now()`.
final class AmbientCalls {
  /// The clock on the wall, and ids and chance that nobody can foresee: `InstantSource`,
  /// `IdGenerator` and `RandomGenerator` are there for them.
  static final DescribedPredicate<JavaAccess<?>> TIME_AND_IDS =
      matching(
          "time or an id is taken out of the air",
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

  /// Adapters may use these: a deadline on a socket is measured in ticks, and the id of an error
  /// report need not be foreseen.
  static final DescribedPredicate<JavaAccess<?>> RANDOM_NUMBERS_AND_NANO_TIME =
      matching(
          "chance or ticks are taken out of the air",
          """
          java\\.lang\\.System\\.nanoTime\\(\\)
          java\\.security\\.SecureRandom\\.(<init>|getInstance).*
          java\\.util\\.SplittableRandom\\.<init>\\(\\)
          java\\.util\\.concurrent\\.ThreadLocalRandom\\.current\\(\\)
          java\\.util\\.random\\.RandomGenerator\\.(getDefault|of)\\(.*
          """);

  /// Threads come as an `Executor`; a future that is given none takes one of the JDK's.
  static final DescribedPredicate<JavaAccess<?>> THREADS =
      matching(
          "a thread is started or put to sleep",
          """
          java\\.lang\\.Thread\\.(<init>|sleep|startVirtualThread|ofVirtual|ofPlatform)\\(.*
          java\\.util\\.concurrent\\.Executors\\..*
          java\\.util\\.concurrent\\.ForkJoinPool\\..*
          java\\.util\\.concurrent\\.(Scheduled)?ThreadPoolExecutor\\.<init>.*
          java\\.util\\.concurrent\\.Complet.*Async\\((?!.*Executor).*
          """);

  private AmbientCalls() {}

  /// @param names a pattern per line
  private static DescribedPredicate<JavaAccess<?>> matching(String description, String names) {
    Pattern pattern = Pattern.compile(String.join("|", names.lines().toList()));
    return DescribedPredicate.describe(
        description, access -> pattern.matcher(access.getTarget().getFullName()).matches());
  }
}
