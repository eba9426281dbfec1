package dev.runhook.bootstrap.setting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Protects the files of the server on disk, which contain a token, secrets and executables.
public final class DataDirectory {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static final Set<PosixFilePermission> OWNER_ONLY_FILE =
      PosixFilePermissions.fromString("rw-------");

  private DataDirectory() {}

  /// Creates the directory and its parents for the owner only. Does not change an existing
  /// directory.
  public static Path ensureExists(Path directory) throws IOException {
    return Files.createDirectories(directory.toAbsolutePath(), permissions(directory, OWNER_ONLY));
  }

  /// Writes a secret and a line break to a file that only its owner can read. Never leaves a
  /// partial file.
  public static void writeSecret(Path file, String secret) throws IOException {
    Path directory = ensureExists(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    Path temporary =
        Files.createTempFile(
            directory, String.valueOf(file.getFileName()), "", permissions(file, OWNER_ONLY_FILE));
    try {
      Files.writeString(temporary, secret + "\n");
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary); // exists only after a failure
    }
  }

  /// Deletes a directory and everything in it, if it exists.
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Returns the attributes that create a file with the permissions. Empty if the file system has
  /// no POSIX permissions.
  private static FileAttribute<?>[] permissions(Path file, Set<PosixFilePermission> permissions) {
    return hasPermissions(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
