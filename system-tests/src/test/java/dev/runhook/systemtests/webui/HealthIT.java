package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The charts of the health of a webhook.
@ExtendWith(SharedBrowserExtension.class)
class HealthIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By PLOT = By.cssSelector("rh-chart[kind=counts] .u-over");

  /// Sends a mouse event to the last bar.
  private static final String MOUSE_ON_BAR =
      """
      (() => {
        const chart = document.querySelector('rh-chart[kind=counts]');
        const bar = chart.stats.items.findLast(item => item.delivered > 0);
        const over = chart.querySelector('.u-over');
        const { x, y } = over.getBoundingClientRect();
        const clientX = x + chart.plot.valToPos(Date.parse(bar.start) / 1000, 'x') + 2;
        over.dispatchEvent(new MouseEvent('%s', { bubbles: true, clientX, clientY: y + 50 }));
      })()
      """;

  /// How far the chart reaches beyond the start of its last interval, whose bar would be cut off.
  private static final String SECONDS_AFTER_LAST_START =
      "(plot => plot && Math.round(plot.scales.x.max - plot.data[0].at(-1)))"
          + "(document.querySelector('rh-chart[kind=counts]').plot)";

  /// The lowest contrast between two series of a chart, which users of any color vision perceive.
  private static final String LOWEST_CONTRAST =
      """
      (() => {
        const luminance = name => {
          const probe = document.body.appendChild(document.createElement('i'));
          probe.style.color = `var(--chart-${name})`;
          const [r, g, b] = getComputedStyle(probe).color.match(/[0-9.]+/g).map(Number)
            .map(value => value / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          probe.remove();
          return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
        };
        const all = ['delivered', 'failed', 'pending'].map(luminance).sort((one, other) => one - other);
        return Math.min(all[1] / all[0], all[2] / all[1]);
      })()
      """;

  @Test
  void a_bar_and_a_row_of_the_table_lead_to_the_deliveries_of_their_time(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("charts", "Charts");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook =
          fixture.createWebhook(
              "charts", WebUiFixture.json().put("endpoint", receiver.url()).put("secret", SECRET));
      fixture.api().startRun("charts", "run-1").requireSuccess();
      fixture.awaitStatus(webhook, "DELIVERED", 1);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.navigate(webhook + "/health");
      browser.await(PLOT);
      browser.awaitValue(SECONDS_AFTER_LAST_START, "60");
      browser.evaluate(MOUSE_ON_BAR.formatted("mousemove"));
      browser.awaitText(": 1 delivered, 0 failed, 0 pending");

      browser.evaluate(MOUSE_ON_BAR.formatted("click"));
      browser.awaitText("run-1");
      assertThat(browser.evaluate("location.hash")).contains("/deliveries?from=");
      browser.back();
      browser.await(PLOT);
      browser.click("Show as a table");
      assertThat(browser.findAll("tbody tr")).hasSize(1);
      browser.await(By.cssSelector("tbody a")).sendKeys(Keys.ENTER);
      browser.awaitText("run-1");
    }
  }

  @Test
  void the_time_range_is_kept_in_the_url(WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("range-of-health", "Range");
    String webhook =
        fixture.createWebhook(
            "range-of-health", WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/range"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate(webhook + "/health");
    browser.awaitText("No deliveries in the last hour");

    browser.click("Last 24 hours");
    browser.awaitText("No deliveries in the last 24 hours");
    browser.open(browser.evaluate("location.hash"));

    browser.awaitText("No deliveries in the last 24 hours");
  }

  @Test
  void the_series_differ_in_lightness(WebUiFixture fixture, Browser browser) {
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    for (String scheme : new String[] {"light", "dark"}) {
      browser.emulate(Browser.WIDE, scheme);

      assertThat(Double.parseDouble(browser.evaluate(LOWEST_CONTRAST)))
          .as(scheme)
          .isGreaterThan(1.4);
    }
  }
}
