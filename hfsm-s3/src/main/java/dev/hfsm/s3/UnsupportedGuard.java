package dev.hfsm.s3;

import software.amazon.awssdk.core.exception.SdkException;

/** The server may not know the condition that a key must be new. Nothing was stored. */
final class UnsupportedGuard extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private UnsupportedGuard(SdkException e) {
    super(e);
  }

  /** Throws if the server says that it does not know something. */
  static void check(SdkException e) {
    if (S3Errors.isStatus(e, 501)) {
      throw new UnsupportedGuard(e);
    }
  }

  SdkException answer() {
    return (SdkException) getCause();
  }
}
