package dev.runhook.bench.sink;

import dev.runhook.bench.sink.ReceiptLog.Receipt;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import javax.crypto.Mac;

/// Reads the requests of one connection, but only the parts that the sink logs.
final class RequestReader {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String CONTENT_LENGTH = "content-length: ";
  private static final String DELIVERY_ID = "x-runhook-delivery: ";
  private static final String SIGNATURE = "x-signature-256: sha256=";

  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private int bodyAt;
  private int end;
  private int signatureAt;
  private long idHigh;
  private long idLow;

  /// The buffer into which to read from the connection.
  ByteBuffer readBuffer() {
    return buffer;
  }

  /// Returns whether the buffer begins with a complete request. If it does, the other methods refer
  /// to that request.
  boolean hasRequest() {
    int filled = buffer.position();
    int length = 0;
    int line = 0;
    signatureAt = -1;
    for (int i = 0; i + 1 < filled; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        if (i == line) {
          bodyAt = i + 2;
          end = bodyAt + length;
          return end <= filled;
        }
        if (startsWith(line, CONTENT_LENGTH)) {
          length = (int) number(line + CONTENT_LENGTH.length(), i);
        } else if (startsWith(line, DELIVERY_ID)) {
          readId(line + DELIVERY_ID.length(), i);
        } else if (startsWith(line, SIGNATURE)) {
          signatureAt = line + SIGNATURE.length();
        }
        line = i + 2;
        i++;
      }
    }
    return false;
  }

  /// Returns whether the path begins with `/hang`.
  boolean mustHang() {
    return bytes[6] == 'h' && bytes[7] == 'a' && bytes[8] == 'n' && bytes[9] == 'g';
  }

  /// Returns the receipt of the request. The number of the report is the note, the last field of
  /// the payload: `…"note":"17"}`.
  Receipt receipt(long at) {
    int start = end - 2;
    while (start > bodyAt && isDigit(bytes[start - 1])) {
      start--;
    }
    return new Receipt(
        idHigh, idLow, start == end - 2 || start <= bodyAt ? -1 : number(start, end - 2), at);
  }

  /// Returns whether `X-Signature-256` matches the body.
  boolean isSigned(Mac mac) {
    if (signatureAt < 0) {
      return false;
    }
    mac.update(bytes, bodyAt, end - bodyAt);
    return startsWith(signatureAt, HexFormat.of().formatHex(mac.doFinal()));
  }

  /// Removes the request from the buffer.
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
      int character = bytes[at + i];
      if ((character >= 'A' && character <= 'Z' ? character + 32 : character)
          != lowerCase.charAt(i)) {
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

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }
}
