package dev.runhook.bootstrap.setting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Protects the files of the server on disk, which contain a token, secrets and executables.
public final class DataDirectory {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private DataDirectory() {}

  /// Creates the directory and its parents for the owner only. Does not change an existing
  /// directory.
  public static Path ensureExists(Path directory) throws IOException {
    return Files.createDirectories(directory.toAbsolutePath(), permissions(directory, OWNER_ONLY));
  }

  /// Removes the permissions of all other users from a directory.
  public static void restrictToOwner(Path directory) throws IOException {
    if (hasPermissions(directory)) {
      Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }
  }

  /// Returns the attributes that create a file with the permissions. Empty if the file system has
  /// no POSIX permissions.
  static FileAttribute<?>[] permissions(Path file, Set<PosixFilePermission> permissions) {
    return hasPermissions(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
