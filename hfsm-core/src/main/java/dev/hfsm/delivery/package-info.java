/**
 * Serves originals and variants over HTTP, whatever the framework: signed URLs, a request in, a
 * response out.
 */
@org.jspecify.annotations.NullMarked
package dev.hfsm.delivery;
