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

/// The deliveries that the sink received, in order of arrival. Several processes map the same file:
/// one thread of the sink writes, and the others read the counts and the records.
///
/// A record contains the id of the delivery, the number of the report and the time of the receipt,
/// in nanoseconds of the machine's monotonic clock, which all processes share.
public final class ReceiptLog {
  private static final int HEADER_BYTES = 64;
  private static final int UNSIGNED_AT = 8;
  private static final int RECORD_BYTES = 32;
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
  /// @param idHigh the upper half of the delivery id
  /// @param idLow the lower half of the delivery id
  /// @param number the number of the report; -1 if the payload has no note
  /// @param at the time of the receipt
  public record Receipt(long idHigh, long idLow, long number, long at) {}

  /// Maps the file, which is created if it does not exist.
  public static ReceiptLog map(Path path, int capacity) {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer file =
          channel.map(
              MapMode.READ_WRITE,
              0,
              HEADER_BYTES + Math.multiplyExact((long) capacity, RECORD_BYTES));
      file.order(ByteOrder.nativeOrder());
      return new ReceiptLog(file, capacity);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int count() {
    return Math.toIntExact((long) LONGS.getAcquire(file, 0));
  }

  /// Returns how many of the receipts have no valid signature.
  public int countUnsigned() {
    return Math.toIntExact(file.getLong(UNSIGNED_AT));
  }

  /// Removes all receipts. There must be no delivery in flight.
  public void clear() {
    file.putLong(UNSIGNED_AT, 0L);
    LONGS.setRelease(file, 0, 0L);
  }

  public Receipt get(int index) {
    int offset = HEADER_BYTES + index * RECORD_BYTES;
    return new Receipt(
        file.getLong(offset),
        file.getLong(offset + 8),
        file.getLong(offset + 16),
        file.getLong(offset + 24));
  }

  /// Appends a receipt. Only one thread of one process may call it.
  void add(Receipt receipt, boolean signed) {
    int count = count();
    if (count == capacity) {
      throw new IllegalStateException("the log is full; its capacity is " + capacity + " receipts");
    }
    int offset = HEADER_BYTES + count * RECORD_BYTES;
    file.putLong(offset, receipt.idHigh());
    file.putLong(offset + 8, receipt.idLow());
    file.putLong(offset + 16, receipt.number());
    file.putLong(offset + 24, receipt.at());
    if (!signed) {
      file.putLong(UNSIGNED_AT, countUnsigned() + 1L);
    }
    LONGS.setRelease(file, 0, count + 1L);
  }
}
