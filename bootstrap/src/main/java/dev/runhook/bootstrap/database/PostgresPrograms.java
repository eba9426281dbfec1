package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.DataDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The programs of the embedded PostgreSQL, unpacked into a directory. They run without the
/// environment of this process, which may contain secrets.
///
/// @param home contains `bin`
/// @param log gets the output of the programs
record PostgresPrograms(Path home, Path log) {
  private static final int EXECUTABLE = 0100;

  /// Unpacks the programs for this platform from the class path, unless they already are.
  static PostgresPrograms unpack(Path directory, Path log) throws IOException {
    URL archive = archive();
    JarURLConnection connection = (JarURLConnection) archive.openConnection();
    String version = Long.toHexString(connection.getJarEntry().getCrc());
    Path home = directory.resolve(version);
    if (!Files.exists(home)) {
      Path partial = directory.resolve(version + ".partial");
      DataDirectory.delete(partial);
      DataDirectory.ensureExists(partial);
      try (InputStream packed = connection.getInputStream()) {
        unpack(packed, partial);
      }
      Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
    }
    return new PostgresPrograms(home, log);
  }

  /// Runs a program until it ends.
  ///
  /// @param input is written to its standard input
  /// @throws IOException if it fails
  void run(String input, String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to run as root
    }
    command.add(home.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C"); // without a locale, it does not start on macOS
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    int code = exitCode(process);
    if (code != 0) {
      throw new IOException(program + " ended with exit code " + code);
    }
  }

  private static int exitCode(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"))
        && System.getProperty("os.name").startsWith("Linux");
  }

  private static URL archive() throws IOException {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ", 2)[0];
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    String name =
        "postgres-%s-%s.txz"
            .formatted(system.equals("mac") ? "darwin" : system, arm ? "arm_64" : "x86_64");
    URL archive = PostgresPrograms.class.getResource("/" + name);
    if (archive == null) {
      throw new IOException(
          "this build has no PostgreSQL for this platform, %s; set RUNHOOK_DATABASE_URL to use yours"
              .formatted(name));
    }
    return archive;
  }

  private static void unpack(InputStream packed, Path target) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = target.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, file);
          boolean executable = (entry.getMode() & EXECUTABLE) != 0;
          if (executable && !file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
          }
        }
      }
    }
  }
}
