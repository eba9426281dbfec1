package dev.runhook.bench.sink;

import dev.runhook.bench.sink.ReceiptLog.Receipt;
import java.nio.ByteBuffer;

/// Requests as they come in over one connection: reads of them only what the sink keeps.
final class RequestReader {
  private static final int LARGEST = 64 * 1024;
  private static final String LENGTH = "content-length: ";
  private static final String DELIVERY = "x-runhook-delivery: ";

  private final byte[] bytes = new byte[LARGEST];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private int bodyAt;
  private int end;
  private long idHigh;
  private long idLow;

  /// Where to read more into.
  ByteBuffer readBuffer() {
    return buffer;
  }

  /// Whether a whole request is there; what it says can be asked for then.
  boolean hasRequest() {
    int filled = buffer.position();
    int length = 0;
    int line = 0;
    for (int i = 0; i + 1 < filled; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        if (i == line) {
          bodyAt = i + 2;
          end = bodyAt + length;
          return end <= filled;
        }
        if (startsWith(line, LENGTH)) {
          length = (int) number(line + LENGTH.length(), i);
        } else if (startsWith(line, DELIVERY)) {
          readId(line + DELIVERY.length(), i);
        }
        line = i + 2;
        i++;
      }
    }
    return false;
  }

  /// Whether its path begins with `/hang`.
  boolean mustHang() {
    return bytes[6] == 'h' && bytes[7] == 'a' && bytes[8] == 'n' && bytes[9] == 'g';
  }

  /// The note of a payload is a number, and stands last: `…"note":"17"}`.
  Receipt receipt(long at) {
    int start = end - 2;
    while (start > bodyAt && isDigit(bytes[start - 1])) {
      start--;
    }
    return new Receipt(
        idHigh, idLow, start == end - 2 || start <= bodyAt ? -1 : number(start, end - 2), at);
  }

  /// Goes on to what follows the request.
  void discardRequest() {
    int filled = buffer.position();
    System.arraycopy(bytes, end, bytes, 0, filled - end);
    buffer.position(filled - end);
  }

  private boolean startsWith(int at, String lowerCase) {
    if (at + lowerCase.length() > buffer.position()) {
      return false;
    }
    for (int i = 0; i < lowerCase.length(); i++) {
      int letter = bytes[at + i];
      if ((letter >= 'A' && letter <= 'Z' ? letter + 32 : letter) != lowerCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void readId(int from, int to) {
    long high = 0;
    long low = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] != '-') {
        high = (high << 4) | (low >>> 60);
        low = (low << 4) | Character.digit(bytes[i], 16);
      }
    }
    idHigh = high;
    idLow = low;
  }

  private long number(int from, int to) {
    long value = 0;
    for (int i = from; i < to && isDigit(bytes[i]); i++) {
      value = (value * 10) + (bytes[i] - '0');
    }
    return value;
  }

  private static boolean isDigit(byte letter) {
    return letter >= '0' && letter <= '9';
  }
}
