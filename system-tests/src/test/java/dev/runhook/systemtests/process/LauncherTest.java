package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `./runhook` of a release archive or of sources, with an empty jar, a fake Java that prints its
/// arguments, and a fake Maven.
class LauncherTest {
  /// A fake Java: creates an AOT cache if requested, which contains its arguments and environment,
  /// and prints its arguments and settings.
  private static final String JAVA =
      """
      #!/bin/sh
      for each in "$@"; do
        case "$each" in -XX:AOTCacheOutput=*) { echo "$@"; env; } >"${each#*=}" ;; esac
      done
      echo "java of $(dirname -- "$(dirname -- "$0")")"
      printf '%s\\n' "$@"
      env | grep ^RUNHOOK_
      exit 7
      """;

  private static final String CREATING_CACHE = "runhook: creating the AOT cache";
  private static final String[] SERVE = {"serve"};
  private static final String[] LIST = {"stacks", "list"};

  @TempDir private Path folder;
  private Path home = Path.of("");
  private Path jar = Path.of("");
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void unpack() throws IOException {
    home = Files.createDirectory(folder.resolve("home")).toRealPath();
    jar = Files.createFile(home.resolve("runhook.jar"));
    Files.copy(Path.of("..", "runhook"), home.resolve("runhook"));
    environment.put("JAVA_HOME", jdk("jdk", "25.0.1", JAVA).toString());
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("RUNHOOK_AOT", "off");
  }

  @Test
  void arguments_are_passed_unchanged_after_the_jar() throws Exception {
    assertThat(run("listen", "--secret", "It's a  Secret"))
        .containsSubsequence(
            "-Drunhook.home=" + home,
            "-jar",
            jar.toString(),
            "listen",
            "--secret",
            "It's a  Secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "demo --once", "listen --secret s"})
  void programs_that_run_until_they_are_stopped_use_g1_with_small_regions(String line)
      throws Exception {
    assertThat(run(line.split(" ")))
        .contains("-XX:+UseG1GC", "-XX:G1HeapRegionSize=1m", "-Xms24m")
        .doesNotContain("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stacks list", "report --stack s", "login", "apply", "verify", "config"})
  void commands_that_end_soon_use_what_starts_fast(String line) throws Exception {
    assertThat(run(line.split(" ")))
        .contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .doesNotContain("-XX:+UseG1GC", "-Xms24m");
  }

  /// Java does not start if two garbage collectors are selected.
  @ParameterizedTest
  @CsvSource({
    "RUNHOOK_JAVA_OPTS, -XX:+UseSerialGC",
    "RUNHOOK_JAVA_OPTS, -Xmx1g  -XX:+UseZGC",
    "RUNHOOK_JAVA_OPTS, -XX:+UseParallelGC -Xmx1g",
    "JDK_JAVA_OPTIONS, -XX:+UseSerialGC",
    "JAVA_TOOL_OPTIONS, -XX:+UseSerialGC",
  })
  void a_garbage_collector_in_the_options_replaces_the_default(String variable, String options)
      throws Exception {
    environment.put(variable, options);

    assertThat(run(SERVE)).doesNotContain("-XX:+UseG1GC").contains("-XX:G1HeapRegionSize=1m");
    assertThat(run(LIST).stream().filter(option -> option.matches("-XX:\\+Use.*GC")).distinct())
        .hasSizeLessThan(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xmx1g",
        "-XX:+UseStringDeduplication -XX:+DisableExplicitGC",
        "-XX:+UseNUMA -XX:-UseSerialGC",
      })
  void other_options_do_not_change_the_garbage_collector(String options) throws Exception {
    environment.put("RUNHOOK_JAVA_OPTS", options);

    assertThat(run(SERVE)).contains("-XX:+UseG1GC");
  }

  @Test
  void options_override_the_default_flags() throws Exception {
    environment.put("RUNHOOK_JAVA_OPTS", "-Xms1g  -Dname=value");

    assertThat(run(SERVE))
        .containsSubsequence("-Xms24m", "-Xms1g", "-Dname=value", "-jar")
        .doesNotContain("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo --help", "serve -h", "runs --version", "version", "help", "--help"})
  void help_and_version_do_not_create_the_cache(String line) throws Exception {
    environment.remove("RUNHOOK_AOT");

    assertThat(run(line.split(" "))).noneMatch(printed -> printed.startsWith(CREATING_CACHE));
  }

  @Test
  void the_program_runs_without_arguments() throws Exception {
    assertThat(run()).endsWith("-jar", jar.toString());
  }

  @Test
  void a_missing_jar_is_reported() throws Exception {
    Files.delete(jar);

    assertThat(runExpecting(1, "serve"))
        .containsExactly("runhook: runhook.jar is missing; unpack the release archive again");
  }

  @Test
  void a_build_prints_its_progress_by_module() throws Exception {
    Path built = home.resolve("bootstrap/target/runhook.jar");
    addSources(
        """
        echo "$@" >arguments
        echo '[INFO] Building Runhook 0.1.0-SNAPSHOT                  [1/11]'
        echo '[INFO] Building Runhook: test kit 0.1.0-SNAPSHOT        [6/11]'
        echo '[INFO] Building Runhook: HTTP adapter 0.1.0            [11/11]'
        echo '[INFO] Building jar: runhook.jar'
        mkdir -p bootstrap/target
        touch bootstrap/target/runhook.jar
        """);

    assertThat(run(SERVE))
        .startsWith(
            "runhook: building; the first build downloads libraries",
            "runhook: building test kit (6 of 11)",
            "runhook: building HTTP adapter (11 of 11)",
            "java of " + environment.get("JAVA_HOME"))
        .contains(built.toString());
    assertThat(home.resolve("arguments"))
        .content()
        .contains("-Pquick", "-Dmaven.test.skip=true", "-pl bootstrap -am");
    assertThat(run(SERVE)).noneMatch(line -> line.startsWith("runhook: building"));
  }

  @Test
  void a_failed_build_prints_the_errors_and_not_the_progress_of_maven() throws Exception {
    addSources("echo '[INFO] Compiling'; echo '[ERROR] no such symbol'; echo fatal >&2; exit 3");

    assertThat(runExpecting(1, "serve"))
        .containsExactly(
            "runhook: building; the first build downloads libraries",
            "runhook: the build failed:",
            "[ERROR] no such symbol",
            "fatal");
  }

  @Test
  void the_bench_command_is_not_available_in_an_archive() throws Exception {
    assertThat(runExpecting(1, "bench", "delivery"))
        .containsExactly(
            "runhook: bench is not part of a release archive; run it from the sources");
  }

  @ParameterizedTest
  @CsvSource({
    "serve, runhook.aot, demo",
    "demo, runhook.aot, demo",
    "stacks list, runhook-client.aot, dev.runhook.bootstrap.cli.AotTrainer",
    "report --stack s, runhook-client.aot, dev.runhook.bootstrap.cli.AotTrainer",
  })
  void the_cache_is_created_once(String line, String file, String training) throws Exception {
    environment.remove("RUNHOOK_AOT");
    environment.put("RUNHOOK_TOKEN", "hush");

    assertThat(run(line.split(" ")))
        .anyMatch(printed -> printed.startsWith(CREATING_CACHE))
        .contains(cache(file));
    assertThat(run(line.split(" ")))
        .noneMatch(printed -> printed.startsWith(CREATING_CACHE))
        .contains(cache(file));
    assertThat(home.resolve(file)).content().contains(training).doesNotContain("RUNHOOK_", "hush");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "stacks"})
  void the_cache_is_created_again_for_a_newer_jar(String command) throws Exception {
    environment.remove("RUNHOOK_AOT");
    run(command);

    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(run(command)).anyMatch(line -> line.startsWith(CREATING_CACHE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "stacks"})
  void another_launcher_that_creates_the_cache_is_not_awaited(String command) throws Exception {
    environment.remove("RUNHOOK_AOT");
    Files.createDirectory(home.resolve("runhook.aot.making"));
    Files.createDirectory(home.resolve("runhook-client.aot.making"));

    assertThat(run(command))
        .noneMatch(line -> line.startsWith(CREATING_CACHE))
        .noneMatch(line -> line.startsWith("-XX:AOT"));
  }

  @Test
  void a_ci_job_uses_the_cache_of_commands_but_does_not_create_it() throws Exception {
    environment.remove("RUNHOOK_AOT");
    environment.put("CI", "true");

    assertThat(run(LIST)).noneMatch(line -> line.startsWith(CREATING_CACHE));

    environment.remove("CI");
    run(LIST);
    environment.put("CI", "true");
    assertThat(run(LIST)).contains(cache("runhook-client.aot"));
  }

  @Test
  void a_failed_cache_is_not_used_and_not_created_again() throws Exception {
    environment.remove("RUNHOOK_AOT");
    environment.put(
        "JAVA_HOME",
        jdk("without-cache", "25", JAVA.replace("env; } >", "env; } >/dev/null; : >")).toString());

    assertThat(run(SERVE))
        .anyMatch(line -> line.startsWith(CREATING_CACHE))
        .doesNotContain(cache("runhook.aot"));
    assertThat(run(SERVE))
        .noneMatch(line -> line.startsWith(CREATING_CACHE))
        .doesNotContain(cache("runhook.aot"));
  }

  @Test
  void no_cache_is_created_if_it_is_disabled_or_for_a_receiver() throws Exception {
    assertThat(run(SERVE)).noneMatch(line -> line.contains("AOT"));
    assertThat(run(LIST)).noneMatch(line -> line.contains("AOT"));
    environment.remove("RUNHOOK_AOT");
    assertThat(run("listen")).noneMatch(line -> line.contains("AOT"));
  }

  @Test
  void the_program_gets_its_settings_but_not_those_of_the_launcher() throws Exception {
    environment.put("RUNHOOK_PORT", "0");

    assertThat(run(SERVE)).contains("RUNHOOK_PORT=0").doesNotContain("RUNHOOK_AOT=off");
  }

  @Test
  void a_jdk_that_is_too_old_is_skipped() throws Exception {
    Path suitable = jdk("suitable", "26-ea", JAVA);
    environment.put("JAVA_HOME", jdk("old", "21.0.9", JAVA).toString());
    environment.put("PATH", suitable.resolve("bin") + ":/usr/bin:/bin");

    assertThat(run(SERVE)).contains("java of " + suitable);
  }

  private String cache(String file) {
    return "-XX:AOTCache=" + home.resolve(file);
  }

  /// Makes the directory one of the sources, which a fake Maven builds.
  private void addSources(String maven) throws IOException {
    Files.createFile(home.resolve("pom.xml"));
    Files.createDirectory(home.resolve("bootstrap"));
    Path program = Files.createDirectory(folder.resolve("maven")).resolve("mvn");
    writeProgram(program, "#!/bin/sh\nset -e\n" + maven);
    environment.put("PATH", program.getParent() + ":/usr/bin:/bin");
  }

  private Path jdk(String name, String version, String java) throws IOException {
    Path jdk = folder.toRealPath().resolve(name);
    Path program = Files.createDirectories(jdk.resolve("bin")).resolve("java");
    writeProgram(program, java);
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  private static void writeProgram(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Returns the output of the launcher and of Java. The launcher replaces itself with Java.
  private List<String> run(String... arguments) throws IOException, InterruptedException {
    return runExpecting(7, arguments);
  }

  private List<String> runExpecting(int code, String... arguments)
      throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = home.resolve("runhook").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process launcher = builder.start();
    assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).as(Files.readString(output)).isEqualTo(code);
    return Files.readAllLines(output);
  }
}
