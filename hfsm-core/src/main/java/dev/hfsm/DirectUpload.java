package dev.hfsm;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.BlobRef;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to bring in without sending it through this process: the digest first, the
 * bytes, if they are wanted at all, straight to the store. Immutable.
 */
public final class DirectUpload {

  private static final Duration VALID_FOR = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofHours(6);
  private static final int MAX_NAME = 1024;

  private final BlobRef blob;
  private final Scope scope;
  private final @Nullable ReferenceName reference;
  private final Facts claims;
  private final Duration validFor;
  private final @Nullable Visibility visibility;

  private DirectUpload(
      BlobRef blob,
      Scope scope,
      @Nullable ReferenceName reference,
      Facts claims,
      Duration validFor,
      @Nullable Visibility visibility) {
    this.blob = blob;
    this.scope = scope;
    this.reference = reference;
    this.claims = claims;
    this.validFor = validFor;
    this.visibility = visibility;
  }

  /**
   * Bytes that the client has hashed.
   *
   * @param size their number, 1 or more
   * @throws LimitExceededException if there are none
   */
  public static DirectUpload of(Digest digest, long size) {
    if (size < 1) {
      throw new LimitExceededException("upload: expected at least 1 byte, found " + size, false);
    }
    return new DirectUpload(
        new BlobRef(digest, size), Scope.DEFAULT, null, Facts.NONE, VALID_FOR, null);
  }

  /** Claims the asset under a name, as {@link Upload#as} does. */
  public DirectUpload as(String name) {
    return new DirectUpload(blob, scope, ReferenceName.of(name), claims, validFor, visibility);
  }

  /** Puts the asset into a scope. */
  public DirectUpload in(Scope tenant) {
    return new DirectUpload(blob, tenant, reference, claims, validFor, visibility);
  }

  /**
   * The name the uploader gave the file; kept as a fact, never used as a path.
   *
   * @param fileName up to 1024 characters
   */
  public DirectUpload named(String fileName) {
    return new DirectUpload(
        blob,
        scope,
        reference,
        claims.with(Fact.FILE_NAME, bounded(fileName)),
        validFor,
        visibility);
  }

  /**
   * The media type the uploader claims; kept as a fact, never believed.
   *
   * @param mediaType up to 1024 characters
   */
  public DirectUpload declaredAs(String mediaType) {
    return new DirectUpload(
        blob,
        scope,
        reference,
        claims.with(Fact.DECLARED_TYPE, bounded(mediaType)),
        validFor,
        visibility);
  }

  private static String bounded(String text) {
    if (text.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "direct upload: expected a text of at most "
              + MAX_NAME
              + " characters, found "
              + text.length());
    }
    return text;
  }

  /**
   * Within what time the transfer has to begin; 15 minutes by default.
   *
   * @param duration from one second to six hours
   */
  public DirectUpload validFor(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "validFor: expected one second to six hours, found " + duration);
    }
    return new DirectUpload(blob, scope, reference, claims, duration, visibility);
  }

  /** Says to whom the asset is delivered, as {@link Upload#visibility} does. */
  public DirectUpload visibility(Visibility to) {
    return new DirectUpload(blob, scope, reference, claims, validFor, to);
  }

  BlobRef blob() {
    return blob;
  }

  Scope scope() {
    return scope;
  }

  Terms terms() {
    return new Terms(
        reference == null ? ReferenceName.implicit(blob.digest()) : reference, claims, visibility);
  }

  Duration validFor() {
    return validFor;
  }
}
