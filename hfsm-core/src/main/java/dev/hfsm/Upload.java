package dev.hfsm;

import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to bring in, and what is claimed about them. Immutable; an upload made from a stream can be
 * ingested once, because the stream is read once.
 */
public final class Upload {

  private final Bytes bytes;
  private final Scope scope;
  private final @Nullable ReferenceName reference;
  private final @Nullable Digest expected;
  private final Facts claims;
  private final @Nullable Visibility visibility;

  private Upload(
      Bytes bytes,
      Scope scope,
      @Nullable ReferenceName reference,
      @Nullable Digest expected,
      Facts claims,
      @Nullable Visibility visibility) {
    this.bytes = bytes;
    this.scope = scope;
    this.reference = reference;
    this.expected = expected;
    this.claims = claims;
    this.visibility = visibility;
  }

  private interface Bytes {
    InputStream open() throws IOException;
  }

  /** The bytes of a file, which must not change while it is read; its name is kept as a fact. */
  public static Upload of(Path file) {
    Upload upload = of(() -> Files.newInputStream(file));
    Path name = file.getFileName();
    return name == null ? upload : upload.named(name.toString());
  }

  /** The bytes of an array, which must not change while it is read. */
  public static Upload of(byte[] content) {
    return of(() -> new ByteArrayInputStream(content));
  }

  /** What is left of a stream. It is read once, to its end, and closed. */
  public static Upload of(InputStream content) {
    Objects.requireNonNull(content);
    return of(() -> content);
  }

  private static Upload of(Bytes bytes) {
    return new Upload(bytes, Scope.DEFAULT, null, null, Facts.NONE, null);
  }

  /**
   * Claims the asset under a name, for instance {@code product/42/hero}; if the name pointed
   * elsewhere it no longer does. Without a name an implicit one is held.
   *
   * @throws IllegalArgumentException if the name is empty, longer than 512 characters, has control
   *     characters or starts with {@code ~}
   */
  public Upload as(String name) {
    return new Upload(bytes, scope, ReferenceName.of(name), expected, claims, visibility);
  }

  /** Puts the asset into a scope. */
  public Upload in(Scope tenant) {
    return new Upload(bytes, tenant, reference, expected, claims, visibility);
  }

  /** Says what the bytes must hash to; anything else is refused and nothing is kept. */
  public Upload expecting(Digest digest) {
    return new Upload(bytes, scope, reference, digest, claims, visibility);
  }

  /** The name the uploader gave the file; kept as a fact, never used as a path. */
  public Upload named(String fileName) {
    return new Upload(
        bytes, scope, reference, expected, claims.with(Fact.FILE_NAME, fileName), visibility);
  }

  /** The media type the uploader claims; kept as a fact, never believed. */
  public Upload declaredAs(String mediaType) {
    return new Upload(
        bytes, scope, reference, expected, claims.with(Fact.DECLARED_TYPE, mediaType), visibility);
  }

  /**
   * Says to whom the asset is delivered without a signature, also if it was there already. Without
   * this a new asset is private, and one that was there stays what it is.
   */
  public Upload visibility(Visibility to) {
    return new Upload(bytes, scope, reference, expected, claims, to);
  }

  InputStream open() throws IOException {
    return bytes.open();
  }

  Scope scope() {
    return scope;
  }

  Optional<Digest> expected() {
    return Optional.ofNullable(expected);
  }

  Terms termsFor(Digest digest) {
    return new Terms(
        reference == null ? ReferenceName.implicit(digest) : reference, claims, visibility);
  }
}
