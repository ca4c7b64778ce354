/** {@link dev.hfsm.delivery.Delivery} over HTTP. */
@org.jspecify.annotations.NullMarked
package dev.hfsm.http;
