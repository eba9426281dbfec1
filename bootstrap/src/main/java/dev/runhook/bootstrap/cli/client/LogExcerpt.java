package dev.runhook.bootstrap.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.domain.text.TextLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The last lines of the log of a CI job, for the note of a transition: without colors and control
/// characters, and with secrets masked.
///
/// Masked are the values that the caller knows, those of the environment variables whose names
/// suggest a secret, tokens with well-known prefixes, private keys, and passwords in URLs and
/// `Authorization` headers. This is no proof that no secret remains.
public final class LogExcerpt {
  private static final String MASK = "***";

  /// Longer logs are read from here to their end.
  private static final int MAX_BYTES = 256 * 1024;

  /// Shorter values, such as `true`, occur in other words.
  private static final int MIN_SECRET = 6;

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i).*(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY).*");

  /// Control sequences of terminals (ECMA-48), and titles of windows.
  private static final Pattern TERMINAL_CODES =
      Pattern.compile(
          "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(\u0007|\u001b\\\\)|\u001b[ -/]*[0-~]");

  private static final Pattern LINE_END = Pattern.compile("\r*\n");

  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\t]]");

  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(-----END [A-Z ]*PRIVATE KEY-----|\\z)");

  private static final Pattern TOKENS =
      Pattern.compile(
          String.join(
              "|",
              "\\bgh[opsur]_\\w{20,255}",
              "\\bgithub_pat_\\w{20,255}",
              "\\bglpat-[\\w-]{20,255}",
              "\\bxox[abeprs]-[\\w-]{10,255}",
              "\\b(AKIA|ASIA)[0-9A-Z]{16}\\b",
              "\\bAIza[\\w-]{35}",
              "\\b[sr]k_live_\\w{16,255}",
              "\\bhv[sb]\\.[\\w-]{20,255}",
              "\\b\\w{14}\\.atlasv1\\.[\\w-]{60,70}",
              "\\bnpm_\\w{36}",
              "\\bdop_v1_\\w{64}",
              "\\brhk_\\w{20,255}",
              "\\bwhsec_[\\w+/=]{16,255}",
              "\\beyJ[\\w-]{10,4096}\\.eyJ[\\w-]{10,4096}\\.[\\w-]{0,4096}"));

  private static final Pattern AUTHORIZATION =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{8,4096}");

  private static final Pattern USER_INFO =
      Pattern.compile("(\\w{1,20}://)[^/\\s:@]{0,255}:[^/\\s@]{1,255}@");

  private LogExcerpt() {}

  /// Reads the end of a file.
  ///
  /// @param lines how many lines at most
  /// @param secrets other values to mask
  /// @return the lines, fewer if a note cannot have as many characters
  public static String read(
      Path file, int lines, Map<String, String> environment, Collection<String> secrets)
      throws IOException {
    return last(masked(plain(end(file)), environment, secrets), lines);
  }

  private static String end(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long begin = Math.max(0, channel.size() - MAX_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - begin));
      channel.position(begin);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // continues
      }
      String text = UTF_8.decode(bytes.flip()).toString();
      return begin == 0 ? text : text.substring(text.indexOf('\n') + 1);
    }
  }

  /// Returns the text as a terminal would show it: what follows a carriage return replaces its
  /// line.
  private static String plain(String text) {
    return LINE_END
        .splitAsStream(TERMINAL_CODES.matcher(text).replaceAll(""))
        .map(line -> line.substring(line.lastIndexOf('\r') + 1))
        .map(line -> CONTROLS.matcher(line).replaceAll(""))
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n"));
  }

  private static String masked(
      String text, Map<String, String> environment, Collection<String> others) {
    String masked = text;
    for (String secret : secrets(environment, others)) {
      masked = masked.replace(secret, MASK);
    }
    masked = PRIVATE_KEY.matcher(masked).replaceAll(MASK);
    masked = TOKENS.matcher(masked).replaceAll(MASK);
    masked = AUTHORIZATION.matcher(masked).replaceAll("$1 " + MASK);
    return USER_INFO.matcher(masked).replaceAll("$1" + MASK + "@");
  }

  /// The longest first, so that no part of one remains.
  private static List<String> secrets(Map<String, String> environment, Collection<String> others) {
    Stream<String> ofVariables =
        environment.entrySet().stream()
            .filter(variable -> SECRET_NAME.matcher(variable.getKey()).matches())
            .map(Map.Entry::getValue);
    return Stream.concat(ofVariables, others.stream())
        .flatMap(value -> Stream.concat(Stream.of(value), value.lines()))
        .map(String::strip)
        .filter(value -> value.length() >= MIN_SECRET)
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  private static String last(String text, int lines) {
    Deque<String> last = new ArrayDeque<>();
    int length = -1;
    for (String line : text.lines().filter(line -> !line.isBlank()).toList().reversed()) {
      String shown = TextLimits.shorten(line, TextLimits.MAX_TEXT);
      length += shown.length() + 1;
      if (last.size() == lines || length > TextLimits.MAX_TEXT) {
        break;
      }
      last.addFirst(shown);
    }
    return String.join("\n", last);
  }
}
