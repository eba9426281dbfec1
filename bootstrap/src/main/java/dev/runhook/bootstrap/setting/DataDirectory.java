package dev.runhook.bootstrap.setting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// What is ours on disk is nobody else's to read or change: it holds a token, secrets, and programs
/// that we run.
public final class DataDirectory {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private DataDirectory() {}

  /// Makes the folder with its parents, for the owner alone; one that is there stays as it is.
  public static Path ensureExists(Path folder) throws IOException {
    return Files.createDirectories(folder.toAbsolutePath(), ownerOnly(folder, OWNER));
  }

  /// Takes a folder of ours away from all others, however it was made.
  public static void restrictToOwner(Path folder) throws IOException {
    if (hasPermissions(folder)) {
      Files.setPosixFilePermissions(folder, OWNER);
    }
  }

  /// How to create a file for the owner alone; nothing where the file system knows no permissions.
  static FileAttribute<?>[] ownerOnly(Path file, Set<PosixFilePermission> permissions) {
    return hasPermissions(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
