package dev.runhook.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// When each report was answered, by its number, in nanoseconds of the machine's monotonic clock; a
/// file that several processes map. Zero where it was not.
public final class Timestamps {
  private final MappedByteBuffer file;

  private Timestamps(MappedByteBuffer file) {
    this.file = file;
  }

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
