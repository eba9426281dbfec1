package dev.runhook.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.diagnosis.Diagnosis.ReserializedBody;
import dev.runhook.domain.event.Payload;
import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonReserializerTest {
  private static final String BODY =
      """
      {"z": "Gr\u00fc\u00dfe \ud83d\ude80 </a> & \u007f \\u2028 \\"q\\" \\\\ \\t\\u0001", "a": [1, -2, {"k": null}, [], {}, [[3]]], "run": {"type": "TASK", "id": "r"},
       "b": true, "c": false, "account": "acme"}\
      """;

  private final JacksonReserializer reserializer = new JacksonReserializer();

  private List<String> bodies(String body) {
    return reserializer.reserialize(Payload.of(body)).map(result -> result.body().text()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "node | -e |"
            + " process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0))))",
        "node | -e |"
            + " process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)),null,2))",
        "node | -e |"
            + " process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)),null,4))",
        "node | -e |"
            + " process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)),null,'\\t'))",
        "python3 | -c | import json,sys; sys.stdout.write(json.dumps(json.load(sys.stdin)))",
        "python3 | -c | import json,sys;"
            + " sys.stdout.write(json.dumps(json.load(sys.stdin),ensure_ascii=False))",
        "python3 | -c | import json,sys;"
            + " sys.stdout.write(json.dumps(json.load(sys.stdin),sort_keys=True))",
        "python3 | -c | import json,sys;"
            + " sys.stdout.write(json.dumps(json.load(sys.stdin),separators=(',',':')))",
        "python3 | -c | import json,sys;"
            + " sys.stdout.write(json.dumps(json.load(sys.stdin),separators=(',',':'),sort_keys=True))",
        "python3 | -c | import json,sys;"
            + " sys.stdout.write(json.dumps(json.load(sys.stdin),indent=2))",
        "python3 | -c | import json,sys;"
            + " sys.stdout.write(json.dumps(json.load(sys.stdin),indent=4))",
      })
  void the_output_of_a_real_program_is_among_the_results(String program, String flag, String code)
      throws IOException, InterruptedException {
    assertThat(bodies(BODY)).contains(output(List.of(program, flag, code), BODY));
  }

  private static String output(List<String> command, String input)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("body", ".json");
    Path out = Files.createTempFile("body", ".out");
    try {
      Files.writeString(in, input);
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectInput(in.toFile()).redirectOutput(out.toFile());
      builder.environment().put("PYTHONIOENCODING", "utf-8");
      Process process;
      try {
        process = builder.start();
      } catch (IOException ignored) {
        throw Prerequisite.missing(command.getFirst() + " is not installed");
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      return Files.readString(out);
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }

  @Test
  void other_libraries_are_imitated_according_to_their_rules() {
    // a Go struct, a Go map, PHP, .NET, Jackson
    assertThat(bodies("{\"b\": \"<\u00fc/\\\"\", \"a\": [1, {}]}"))
        .contains(
            "{\"b\":\"\\u003c\u00fc/\\\"\",\"a\":[1,{}]}",
            "{\"a\":[1,{}],\"b\":\"\\u003c\u00fc/\\\"\"}",
            "{\"b\":\"<\\u00fc\\/\\\"\",\"a\":[1,{}]}",
            "{\"b\":\"\\u003C\\u00FC/\\u0022\",\"a\":[1,{}]}",
            "{\n  \"b\" : \"<\u00fc/\\\"\",\n  \"a\" : [ 1, { } ]\n}");
  }

  @Test
  void the_key_order_of_runhook_is_restored() {
    String original =
        "{\"account\":\"acme\",\"state\":\"QUEUED\",\"stateVersion\":1,\"timestamp\":2,\"run\":{\"id\":\"r\",\"branch\":\"m\",\"type\":\"TASK\"},\"stack\":{\"id\":\"s\"},\"note\":\"n\"}";
    String sorted =
        "{\"account\":\"acme\",\"note\":\"n\",\"run\":{\"branch\":\"m\",\"id\":\"r\",\"type\":\"TASK\"},\"stack\":{\"id\":\"s\"},\"state\":\"QUEUED\",\"stateVersion\":1,\"timestamp\":2}";

    assertThat(bodies(sorted)).contains(original);
    assertThat(bodies(original)).contains(sorted).doesNotContain(original);
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 1",
    "1e3, 1000",
    "0.1, 0.1",
    "1e21, 1e+21",
    "123456789012345680000, 123456789012345680000",
    "12345678901234567890, 12345678901234567000",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "1.25e-9, 1.25e-9",
    "-0.0, 0",
    "-1.50, -1.5",
    "1e400, null"
  })
  void numbers_are_formatted_as_in_javascript(String number, String formatted) {
    String first =
        reserializer
            .reserialize(Payload.of("[" + number + ", 1]"))
            .findFirst()
            .orElseThrow()
            .body()
            .text();

    assertThat(first).isEqualTo("[" + formatted + ",1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "state=FINISHED", "{", "\"text\"", "7", "{} {}", "{\"a\":1}}"})
  void a_body_without_a_json_container_has_no_results(String body) {
    assertThat(reserializer.reserialize(Payload.of(body))).isEmpty();
  }

  @Test
  void a_byte_order_mark_and_white_space_are_ignored() {
    assertThat(bodies("\ufeff {\"a\" : 1}\n")).contains("{\"a\":1}", "{\"a\": 1}");
  }

  @Test
  void every_result_has_a_description_and_differs_from_the_body_and_the_others() {
    List<ReserializedBody> all = reserializer.reserialize(Payload.of(BODY)).toList();

    // the JavaScript dialect differs from the compact one only in fractions
    assertThat(all).hasSize(19).extracting(ReserializedBody::body).doesNotHaveDuplicates();
    assertThat(all).extracting(ReserializedBody::style).doesNotHaveDuplicates().doesNotContain("");
    assertThat(JsonDialect.ALL).hasSize(20);
  }

  @Test
  void hostile_bodies_use_limited_resources() {
    String deep = "[".repeat(60) + "1,".repeat(100_000) + "1" + "]".repeat(60);

    assertThat(reserializer.reserialize(Payload.of(deep)))
        .isNotEmpty()
        .allMatch(result -> result.body().length() < 5 * deep.length());
    assertThat(reserializer.reserialize(Payload.of("[".repeat(100_000)))).isEmpty();
    assertThat(reserializer.reserialize(Payload.of("[" + "1".repeat(100_000) + "]"))).isEmpty();
    assertThat(reserializer.reserialize(Payload.of("[" + "1,".repeat(600_000) + "1]"))).isEmpty();
  }

  @Test
  void an_unpaired_surrogate_is_accepted() {
    assertThat(
            Stream.of("[\"\\ud800\"]", "[\"\\udc00x\"]").map(this::bodies).map(List::size).toList())
        .allMatch(size -> size > 0);
  }
}
