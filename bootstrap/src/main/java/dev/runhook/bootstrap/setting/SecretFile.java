package dev.runhook.bootstrap.setting;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads a file that contains one secret, as container platforms mount them.
final class SecretFile {
  private static final int MAX_BYTES = 64 * 1024;

  private SecretFile() {}

  /// Returns the only line of the file without surrounding white space.
  ///
  /// @throws IllegalArgumentException if the file is unusable; the message names it but never
  ///   quotes its content
  static String read(String path) {
    String text = text(path).strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("names " + path + ", which is empty");
    }
    if (text.lines().count() > 1) {
      throw new IllegalArgumentException("names " + path + ", which has more than one line");
    }
    return text;
  }

  private static String text(String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException("names " + path + ", which is larger than 64 KiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException _) {
      throw new IllegalArgumentException("names " + path + ", which does not exist");
    } catch (AccessDeniedException _) {
      throw new IllegalArgumentException("names " + path + ", which is not readable");
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException("names " + path + ", which is not UTF-8 text");
    } catch (InvalidPathException _) {
      throw new IllegalArgumentException("is not a valid path");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "names " + path + ", which cannot be read: " + e.getMessage());
    }
  }
}
