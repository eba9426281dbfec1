package dev.runhook.bench.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the sink got, in the order in which it got it: a file that several processes map. One of
/// them writes, the others see how many there are and read what they were.
///
/// Each record has the delivery's id, the number of the report that it tells, and when it came, in
/// nanoseconds of the machine's monotonic clock, which all processes share.
public final class ReceiptLog {
  private static final int HEAD = 64;
  private static final int RECORD = 32;
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final MappedByteBuffer file;
  private final int capacity;

  private ReceiptLog(MappedByteBuffer file, int capacity) {
    this.file = file;
    this.capacity = capacity;
  }

  /// One receipt.
  ///
  /// @param number of the report; -1 where the body names none
  public record Receipt(long idHigh, long idLow, long number, long at) {}

  /// Maps the file, which is made if it is not there.
  public static ReceiptLog map(Path path, int capacity) {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer file =
          channel.map(MapMode.READ_WRITE, 0, HEAD + Math.multiplyExact((long) capacity, RECORD));
      file.order(ByteOrder.nativeOrder());
      return new ReceiptLog(file, capacity);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int count() {
    return Math.toIntExact((long) LONGS.getAcquire(file, 0));
  }

  /// Forgets all; nothing may be on its way.
  public void clear() {
    LONGS.setRelease(file, 0, 0L);
  }

  public Receipt get(int index) {
    int place = HEAD + index * RECORD;
    return new Receipt(
        file.getLong(place),
        file.getLong(place + 8),
        file.getLong(place + 16),
        file.getLong(place + 24));
  }

  /// For the one that writes.
  void add(Receipt receipt) {
    int count = count();
    if (count == capacity) {
      throw new IllegalStateException("there is room for " + capacity + " receipts, and no more");
    }
    int place = HEAD + count * RECORD;
    file.putLong(place, receipt.idHigh());
    file.putLong(place + 8, receipt.idLow());
    file.putLong(place + 16, receipt.number());
    file.putLong(place + 24, receipt.at());
    LONGS.setRelease(file, 0, count + 1L);
  }
}
