/// Events: run state changes and pings. An event is rendered once, and its [Payload] never changes.
/// This package depends on runs. Read [Event] first.
@NullMarked
package dev.runhook.domain.event;

import org.jspecify.annotations.NullMarked;
