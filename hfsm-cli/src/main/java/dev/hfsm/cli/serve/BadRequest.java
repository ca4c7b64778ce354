package dev.hfsm.cli.serve;

/** A request that is not right; the message says what was expected. */
final class BadRequest extends RuntimeException {
  BadRequest(String message) {
    super(message);
  }
}
