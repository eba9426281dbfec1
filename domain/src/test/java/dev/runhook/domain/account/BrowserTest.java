package dev.runhook.domain.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrowserTest {
  private static final String WEBKIT = " AppleWebKit/537.36 (KHTML, like Gecko) ";

  @ParameterizedTest
  @CsvSource({
    "Firefox on Linux, 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0'",
    "Chrome on Windows, 'Mozilla/5.0 (Windows NT 10.0)" + WEBKIT + "Chrome/131.0 Safari/537.36'",
    "Edge on Windows, 'Mozilla/5.0 (Windows)" + WEBKIT + "Chrome/131.0 Safari/537 Edg/131.0'",
    "Opera on Linux, 'Mozilla/5.0 (X11; Linux)" + WEBKIT + "Chrome/131.0 Safari/537 OPR/116.0'",
    "Chrome on Android, 'Mozilla/5.0 (Linux; Android 10)" + WEBKIT + "Chrome/1 Mobile Safari/5'",
    "Chrome on Linux, 'Mozilla/5.0 (X11; Linux)" + WEBKIT + "HeadlessChrome/131.0 Safari/537'",
    "Safari on macOS, 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.1 Safari/605.1'",
    "Safari on iOS, 'Mozilla/5.0 (iPhone; like Mac OS X) Version/18.1 Mobile/15E1 Safari/604.1'",
    "Firefox on iOS, 'Mozilla/5.0 (iPad; CPU OS 18 like Mac OS X) FxiOS/133.0 Mobile Safari/6'",
    "curl, curl/8.5.0",
    "Mozilla, Mozilla/5.0"
  })
  void a_browser_has_a_short_name(String name, String userAgent) {
    Browser browser = new Browser(userAgent);

    assertThat(browser.name()).contains(name);
  }

  @Test
  void a_program_without_a_user_agent_has_no_name() {
    Browser browser = new Browser(" \t");

    assertThat(browser.name()).isEmpty();
    assertThat(browser).isEqualTo(Browser.UNKNOWN);
  }

  @Test
  void a_user_agent_is_cut_and_has_only_printable_characters() {
    Browser browser = new Browser("a\u202eb\u0007é" + "c".repeat(300));

    assertThat(browser.userAgent()).hasSize(Browser.MAX_LENGTH).startsWith("abccc").endsWith("c");
  }
}
