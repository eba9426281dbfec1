package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir private Path directory = Path.of(".");

  @BeforeEach
  void requirePosixPermissions() {
    assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
  }

  @Test
  void a_created_directory_is_accessible_only_to_its_owner() throws IOException {
    Path created = DataDirectory.ensureExists(directory.resolve("data/nested"));

    assertThat(permissionsOf(created)).isEqualTo("rwx------");
    assertThat(permissionsOf(directory.resolve("data"))).isEqualTo("rwx------");
  }

  @Test
  void an_existing_directory_keeps_its_permissions() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));

    assertThat(permissionsOf(DataDirectory.ensureExists(directory))).isEqualTo("rwxr-x---");
  }

  @Test
  void a_secret_is_readable_only_by_its_owner() throws IOException {
    Path file = directory.resolve("data/secret");

    DataDirectory.writeSecret(file, "hush");

    assertThat(file).hasContent("hush");
    assertThat(permissionsOf(file)).isEqualTo("rw-------");
    assertThat(permissionsOf(directory.resolve("data"))).isEqualTo("rwx------");
  }

  @Test
  void a_secret_that_cannot_be_written_leaves_no_file() throws IOException {
    Path occupied = Files.createDirectories(directory.resolve("secret"));

    assertThatThrownBy(() -> DataDirectory.writeSecret(occupied, "hush"))
        .isInstanceOf(IOException.class);

    assertThat(directory).isDirectoryNotContaining(file -> !file.equals(occupied));
  }

  @Test
  void a_directory_is_deleted_with_its_content() throws IOException {
    Path deleted = Files.createDirectories(directory.resolve("data/nested"));
    Files.writeString(deleted.resolve("file"), "x");

    DataDirectory.delete(directory.resolve("data"));
    DataDirectory.delete(directory.resolve("data")); // nothing left to delete

    assertThat(directory.resolve("data")).doesNotExist();
  }

  private static String permissionsOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
