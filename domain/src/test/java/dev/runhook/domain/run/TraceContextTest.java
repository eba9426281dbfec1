package dev.runhook.domain.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final UUID DELIVERY = UUID.fromString("0198c2a5-1111-7222-8333-444455556666");

  @Test
  void a_valid_traceparent_is_reproduced() {
    TraceContext trace = TraceContext.parse(PARENT, "vendor=1,other=a b").orElseThrow();

    assertThat(trace.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(trace.parentId()).isEqualTo("b7ad6b7169203331");
    assertThat(trace.flags()).isEqualTo("01");
    assertThat(trace.tracestate()).isEqualTo("vendor=1,other=a b");
    assertThat(trace.traceparent()).isEqualTo(PARENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
        " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nX-Evil: 1"
      })
  void an_invalid_traceparent_is_ignored(String text) {
    assertThat(TraceContext.parse(text, "vendor=1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings"
      })
  void a_later_version_is_parsed_as_far_as_it_is_known(String text) {
    assertThat(TraceContext.parse(text, "").orElseThrow().traceparent()).isEqualTo(PARENT);
  }

  @Test
  void an_invalid_tracestate_is_ignored_and_the_traceparent_is_kept() {
    assertThat(TraceContext.parse(PARENT, "a=ä").orElseThrow().tracestate()).isEmpty();
    assertThat(TraceContext.parse(PARENT, "a=1\r\nX-Evil: 1").orElseThrow().tracestate()).isEmpty();
    assertThat(TraceContext.parse(PARENT, "x".repeat(513)).orElseThrow().tracestate()).isEmpty();
    assertThat(TraceContext.parse(PARENT, "x".repeat(512)).orElseThrow().tracestate()).hasSize(512);
  }

  @Test
  void every_attempt_has_its_own_span_in_the_same_trace() {
    TraceContext trace = TraceContext.parse(PARENT, "vendor=1").orElseThrow();

    var spans =
        IntStream.rangeClosed(1, 1000)
            .mapToObj(number -> trace.forAttempt(DELIVERY, number))
            .collect(Collectors.toSet());

    assertThat(spans).hasSize(1000);
    assertThat(spans)
        .allSatisfy(span -> {
          assertThat(span.traceId()).isEqualTo(trace.traceId());
          assertThat(span.flags()).isEqualTo("01");
          assertThat(span.tracestate()).isEqualTo("vendor=1");
          assertThat(span.parentId()).isNotEqualTo(trace.parentId());
        });
    assertThat(trace.forAttempt(DELIVERY, 7)).isEqualTo(trace.forAttempt(DELIVERY, 7));
  }

  @Test
  void a_span_id_is_never_zero() {
    TraceContext trace = TraceContext.parse(PARENT, "").orElseThrow();

    assertThat(trace.forAttempt(new UUID(1, 0x9e3779b97f4a7c15L), 1).parentId())
        .isEqualTo("0000000000000001");
  }
}
