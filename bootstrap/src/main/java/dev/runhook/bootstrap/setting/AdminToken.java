package dev.runhook.bootstrap.setting;

import dev.runhook.domain.account.TokenSecret;
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
public record AdminToken(String secret, Path file, boolean generated) {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  public static AdminToken loadOrGenerate(Settings settings) {
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
      String token = TokenSecret.generate(new SecureRandom()).reveal();
      Path folder = DataDirectory.ensureExists(dataDir);
      Path written =
          Files.createTempFile(folder, "admin-token", "", DataDirectory.ownerOnly(file, OWNER));
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
