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

/// `./runhook` of a release, beside a jar that is none, with a Java that tells how it was called.
class LauncherTest {
  /// It leaves a cache where it is asked for one, and says what it got.
  private static final String JAVA =
      """
      #!/bin/sh
      for each in "$@"; do
        case "$each" in -XX:AOTCacheOutput=*) echo notes >"${each#*=}" ;; esac
      done
      echo "java of $(dirname -- "$(dirname -- "$0")")"
      printf '%s\\n' "$@"
      env | grep ^RUNHOOK_
      exit 7
      """;

  private static final String PREPARING = "runhook: preparing fast starts";
  private static final String[] SERVE = {"serve"};

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
  void java_gets_the_arguments_as_they_are_after_the_jar() throws Exception {
    assertThat(run("listen", "--secret", "It's a  Secret"))
        .containsSubsequence(
            "-Drunhook.home=" + home,
            "-jar",
            jar.toString(),
            "listen",
            "--secret",
            "It's a  Secret");
  }

  @Test
  void it_collects_with_g1_in_small_regions() throws Exception {
    assertThat(run(SERVE)).contains("-XX:+UseG1GC", "-XX:G1HeapRegionSize=1m", "-Xms24m");
  }

  /// Java does not start with two collectors.
  @ParameterizedTest
  @CsvSource({
    "RUNHOOK_JAVA_OPTS, -XX:+UseSerialGC",
    "RUNHOOK_JAVA_OPTS, -Xmx1g  -XX:+UseZGC",
    "RUNHOOK_JAVA_OPTS, -XX:+UseParallelGC -Xmx1g",
    "JDK_JAVA_OPTIONS, -XX:+UseSerialGC",
    "JAVA_TOOL_OPTIONS, -XX:+UseSerialGC",
  })
  void a_collector_that_options_name_is_the_only_one(String variable, String options)
      throws Exception {
    environment.put(variable, options);

    assertThat(run(SERVE)).doesNotContain("-XX:+UseG1GC").contains("-XX:G1HeapRegionSize=1m");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xmx1g",
        "-XX:+UseStringDeduplication -XX:+DisableExplicitGC",
        "-XX:+UseNUMA -XX:-UseSerialGC",
      })
  void options_that_name_no_collector_leave_it_g1(String options) throws Exception {
    environment.put("RUNHOOK_JAVA_OPTS", options);

    assertThat(run(SERVE)).contains("-XX:+UseG1GC");
  }

  @Test
  void options_come_after_the_flags_and_win() throws Exception {
    environment.put("RUNHOOK_JAVA_OPTS", "-Xms1g  -Dname=value");

    assertThat(run(SERVE))
        .containsSubsequence("-Xms24m", "-Xms1g", "-Dname=value", "-jar")
        .doesNotContain("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo --help", "serve -h", "serve --version", "config", "--help"})
  void whoever_asks_for_help_does_not_wait_for_that(String line) throws Exception {
    environment.remove("RUNHOOK_AOT");

    assertThat(run(line.split(" "))).noneMatch(told -> told.startsWith(PREPARING));
  }

  @Test
  void without_arguments_the_program_says_what_there_is() throws Exception {
    assertThat(run()).endsWith("-jar", jar.toString());
  }

  @Test
  void an_archive_without_the_program_says_so() throws Exception {
    Files.delete(jar);

    assertThat(end(1, "serve"))
        .containsExactly("runhook: there is no build here, and nothing to build it from");
  }

  @Test
  void bench_says_that_it_is_not_in_an_archive() throws Exception {
    assertThat(end(1, "bench", "delivery"))
        .containsExactly(
            "runhook: bench is no part of a release archive; measure from the sources");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "demo"})
  void what_starts_a_server_is_prepared_once(String command) throws Exception {
    environment.remove("RUNHOOK_AOT");

    assertThat(run(command)).anyMatch(line -> line.startsWith(PREPARING)).contains(cache());
    assertThat(run(command)).noneMatch(line -> line.startsWith(PREPARING)).contains(cache());
  }

  @Test
  void a_newer_jar_is_prepared_anew() throws Exception {
    environment.remove("RUNHOOK_AOT");
    run(SERVE);

    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(run(SERVE)).anyMatch(line -> line.startsWith(PREPARING));
  }

  @Test
  void what_cannot_be_prepared_starts_without_and_is_not_tried_again() throws Exception {
    environment.remove("RUNHOOK_AOT");
    environment.put(
        "JAVA_HOME", jdk("stubborn", "25", JAVA.replace("echo notes", "true")).toString());

    assertThat(run(SERVE)).anyMatch(line -> line.startsWith(PREPARING)).doesNotContain(cache());
    assertThat(run(SERVE)).noneMatch(line -> line.startsWith(PREPARING)).doesNotContain(cache());
  }

  @Test
  void nothing_is_prepared_where_it_is_off_or_starts_no_server() throws Exception {
    assertThat(run(SERVE)).noneMatch(line -> line.startsWith(PREPARING)).doesNotContain(cache());
    environment.remove("RUNHOOK_AOT");
    assertThat(run("token", "list")).noneMatch(line -> line.startsWith(PREPARING));
  }

  @Test
  void the_program_gets_the_settings_but_not_those_of_the_launcher() throws Exception {
    environment.put("RUNHOOK_PORT", "0");

    assertThat(run(SERVE)).contains("RUNHOOK_PORT=0").doesNotContain("RUNHOOK_AOT=off");
  }

  @Test
  void a_jdk_that_is_too_old_is_passed_by() throws Exception {
    Path fitting = jdk("fitting", "26-ea", JAVA);
    environment.put("JAVA_HOME", jdk("old", "21.0.9", JAVA).toString());
    environment.put("PATH", fitting.resolve("bin") + ":/usr/bin:/bin");

    assertThat(run(SERVE)).contains("java of " + fitting);
  }

  private String cache() {
    return "-XX:AOTCache=" + home.resolve("runhook.aot");
  }

  private Path jdk(String name, String version, String java) throws IOException {
    Path jdk = folder.toRealPath().resolve(name);
    Path program = Files.createDirectories(jdk.resolve("bin")).resolve("java");
    Files.writeString(program, java);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  /// What the launcher says and then Java, line by line. It becomes Java: its exit code is Java's.
  private List<String> run(String... arguments) throws IOException, InterruptedException {
    return end(7, arguments);
  }

  private List<String> end(int code, String... arguments) throws IOException, InterruptedException {
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
