package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What each start would make anew, and what does not change from one to the other: the programs of
/// PostgreSQL, a cluster with nothing in it, and the notes on classes from which `./runhook` starts
/// fast too. Made once for each build, by whichever JVM of the tests is first; all others wait.
public final class Prepared {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path FOLDER = TARGET.resolve("prepared");
  private static final Path JAR = TARGET.resolve("runhook.jar");
  private static final Path PROGRAMS = FOLDER.resolve("postgres-bin");
  private static final Path CLUSTER = FOLDER.resolve("postgres");
  private static final Path NOTES = FOLDER.resolve("runhook.aot");

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  /// Written last.
  private static final Path WHOLE = FOLDER.resolve("whole");

  static {
    makeOnce();
  }

  private Prepared() {}

  /// Where the programs of PostgreSQL are unpacked, as `setOverrideWorkingDirectory` wants it.
  static Path unpacked() {
    return PROGRAMS;
  }

  /// The folder that has `bin` in it.
  public static Path programs() {
    try (Stream<Path> files = Files.list(PROGRAMS)) {
      return files.filter(file -> Files.exists(file.resolve("bin"))).findAny().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes it a cluster that was never started by anybody who left something in it.
  public static void copyCluster(Path to) {
    copy(CLUSTER, to);
  }

  /// Spares the server that starts there the unpacking and `initdb`. The schema is its own to make.
  static void furnish(Path dataDir) {
    try {
      Files.createDirectories(dataDir, PosixFilePermissions.asFileAttribute(OWNER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    copy(CLUSTER, dataDir.resolve("postgres"));
    copy(PROGRAMS, dataDir.resolve("postgres-bin"));
  }

  /// Options that let the program start fast; none where that cannot be had.
  static List<String> options() {
    return Files.exists(NOTES)
        ? List.of("-XX:AOTCache=" + NOTES, "-Xlog:aot=off", "-Xlog:cds=off")
        : List.of();
  }

  private static void makeOnce() {
    try (FileChannel lock =
        FileChannel.open(
            TARGET.resolve("prepared.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      if (!isOfThisBuild()) {
        run("rm", "-rf", FOLDER.toString());
        Files.createDirectories(FOLDER);
        makeCluster();
        makeNotes();
        Files.createFile(WHOLE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOfThisBuild() throws IOException {
    if (!Files.exists(WHOLE)) {
      return false;
    }
    FileTime made = Files.getLastModifiedTime(WHOLE);
    return made.compareTo(Files.getLastModifiedTime(JAR)) >= 0;
  }

  private static void makeCluster() throws IOException {
    Redirect log = Redirect.appendTo(FOLDER.resolve("postgres.log").toFile());
    EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(PROGRAMS.toFile())
        .setDataDirectory(CLUSTER)
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPGStartupWait(RunhookProcess.PATIENCE)
        .setOutputRedirector(log)
        .setErrorRedirector(log)
        .start()
        .close();
  }

  /// As `./runhook` does it.
  private static void makeNotes() throws IOException {
    List<String> command = new ArrayList<>(RunhookProcess.java());
    command.add("-XX:AOTCacheOutput=" + NOTES);
    command.addAll(List.of("-jar", JAR.toString(), "demo", "--once"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("notes.log").toFile());
    RunhookProcess.clear(builder.environment());
    await(builder.start());
  }

  private static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to.toAbsolutePath().getParent());
      assertThat(run("cp", "-Rp", from.toString(), to.toString())).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int run(String... command) throws IOException {
    return await(new ProcessBuilder(command).inheritIO().start());
  }

  private static int await(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
