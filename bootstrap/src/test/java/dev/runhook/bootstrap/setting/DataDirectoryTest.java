package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir private Path folder = Path.of(".");

  @BeforeEach
  void needPermissions() {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
  }

  @Test
  void a_folder_that_we_make_is_its_owners_alone() throws IOException {
    Path made = DataDirectory.ensureExists(folder.resolve("data/deeper"));

    assertThat(permissionsOf(made)).isEqualTo("rwx------");
    assertThat(permissionsOf(folder.resolve("data"))).isEqualTo("rwx------");
  }

  @Test
  void a_folder_that_is_there_keeps_what_its_owner_chose() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));

    assertThat(permissionsOf(DataDirectory.ensureExists(folder))).isEqualTo("rwxr-x---");
  }

  @Test
  void a_folder_of_ours_that_others_could_write_to_is_closed() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

    DataDirectory.restrictToOwner(folder);

    assertThat(permissionsOf(folder)).isEqualTo("rwx------");
  }

  private static String permissionsOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
