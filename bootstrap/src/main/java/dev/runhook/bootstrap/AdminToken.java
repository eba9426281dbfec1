package dev.runhook.bootstrap;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.account.TokenText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/// The first admin's token: the operator's, or one generated at the first start and kept in the
/// data folder, readable by its owner alone.
///
/// @param fresh whether it was generated just now, so that it has to be shown once
record AdminToken(String text, Path file, boolean fresh) {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  static AdminToken of(Settings settings) {
    Path file = settings.dataDir().resolve("admin-token");
    return settings
        .adminToken()
        .map(given -> new AdminToken(given, file, false))
        .orElseGet(() -> kept(settings.dataDir(), file));
  }

  private static AdminToken kept(Path dataDir, Path file) {
    try {
      if (Files.exists(file)) {
        return new AdminToken(readable(file), file, false);
      }
      String token = TokenText.generate(new SecureRandom()).reveal();
      Path folder = DataFolder.ensure(dataDir);
      Path written =
          Files.createTempFile(folder, "admin-token", "", DataFolder.ownerOnly(file, OWNER));
      Files.writeString(written, token + "\n");
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE); // whole or not at all
      return new AdminToken(token, file, true);
    } catch (IOException e) {
      throw new ConfigurationException(
          "the admin token cannot be kept in "
              + file
              + " ("
              + e
              + "); make the folder writable or set RUNHOOK_ADMIN_TOKEN");
    }
  }

  /// A file without a token must not make the empty one a key.
  private static String readable(Path file) throws IOException {
    String token = Files.readString(file).strip();
    if (token.isEmpty()) {
      throw new ConfigurationException(
          "the admin token in "
              + file
              + " is empty; delete the file to have one generated or set RUNHOOK_ADMIN_TOKEN");
    }
    return token;
  }

  /// Without the token.
  @Override
  public String toString() {
    return "(token kept in " + file + ")";
  }
}
