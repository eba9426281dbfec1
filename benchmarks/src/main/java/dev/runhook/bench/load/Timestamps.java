package dev.runhook.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// When the response to each report arrived, by the number of the report, in nanoseconds of the
/// machine's monotonic clock; 0 if it has not arrived. Several processes map the same file.
public final class Timestamps {
  private final MappedByteBuffer file;

  private Timestamps(MappedByteBuffer file) {
    this.file = file;
  }

  /// Maps the file, which is created if it does not exist.
  public static Timestamps map(Path path, int capacity) {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer file = channel.map(MapMode.READ_WRITE, 0, 8L * capacity);
      file.order(ByteOrder.nativeOrder());
      return new Timestamps(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void set(int number, long at) {
    file.putLong(number * 8, at);
  }

  public long get(int number) {
    return file.getLong(number * 8);
  }

  public void clear(int count) {
    for (int i = 0; i < count; i++) {
      set(i, 0);
    }
  }
}
