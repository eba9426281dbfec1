package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.PointerInput.MouseButton;
import org.openqa.selenium.interactions.PointerInput.Origin;
import org.openqa.selenium.interactions.Sequence;

/// Operates the browser by touch, on the screen of a phone. No view is wider than the screen, and
/// each button and field is at least 24 pixels high and wide. Links in text may be smaller.
final class Touch {
  private static final int MIN_TARGET = 24;

  private final Browser browser;

  Touch(Browser browser) {
    this.browser = browser;
    browser.driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", Browser.NARROW, "height", 844, "deviceScaleFactor", 2, "mobile", true));
    browser.driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
  }

  void tap(String name) {
    tap(browser.control(name));
  }

  void type(String label, String text) {
    tap(browser.field(label));
    browser.pressKeys(text);
  }

  /// Scrolls the element into view and taps its center.
  void tap(WebElement element) {
    assertThat(browser.evaluate("document.documentElement.scrollWidth"))
        .isEqualTo(Integer.toString(Browser.NARROW));
    browser.driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
    Dimension size = element.getSize();
    if (!element.getTagName().equals("a")) {
      assertThat(Math.min(size.getWidth(), size.getHeight()))
          .as("size of %s", element.getAccessibleName())
          .isGreaterThanOrEqualTo(MIN_TARGET);
    }
    PointerInput finger = new PointerInput(PointerInput.Kind.TOUCH, "finger");
    browser.driver.perform(
        List.of(
            new Sequence(finger, 0)
                .addAction(
                    finger.createPointerMove(Duration.ZERO, Origin.fromElement(element), 0, 0))
                .addAction(finger.createPointerDown(MouseButton.LEFT.asArg()))
                .addAction(finger.createPointerUp(MouseButton.LEFT.asArg()))));
  }
}
