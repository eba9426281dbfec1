package dev.runhook.bootstrap;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.zip.CRC32;

/// The first admin's token: the operator's, or one generated at the first start and kept in the
/// data folder, readable by its owner alone.
///
/// @param fresh whether it was generated just now, so that it has to be shown once
record AdminToken(String text, Path file, boolean fresh) {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");
  private static final String PREFIX = "rhk_";
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_CHARACTERS = 43; // 62^43 > 2^256
  private static final int CHECKSUM_CHARACTERS = 6;

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
      String token = generate(new SecureRandom());
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

  /// `rhk_`, 256 random bits in base 62, and a checksum of them by which a typing error or a leaked
  /// token is recognised.
  static String generate(SecureRandom random) {
    StringBuilder text = new StringBuilder(PREFIX);
    random
        .ints(RANDOM_CHARACTERS, 0, ALPHABET.length())
        .forEach(i -> text.append(ALPHABET.charAt(i)));
    return text + checksum(text.substring(PREFIX.length()));
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    text.chars().forEach(crc::update);
    StringBuilder sum = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < CHECKSUM_CHARACTERS; i++) {
      sum.insert(0, ALPHABET.charAt((int) (rest % ALPHABET.length())));
      rest /= ALPHABET.length();
    }
    return sum.toString();
  }

  /// Without the token.
  @Override
  public String toString() {
    return "(token kept in " + file + ")";
  }
}
