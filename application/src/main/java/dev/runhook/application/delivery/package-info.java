/// Getting events to their receivers, and telling people what became of them. Start at [Dispatcher]
/// for the engine, at [DeliveryAdmin] for people.
@NullMarked
package dev.runhook.application.delivery;

import org.jspecify.annotations.NullMarked;
