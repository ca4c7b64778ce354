package dev.hfsm;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.internal.work.FoundVariant;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Digest;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Stage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A variant that was made. It is kept, unless it comes from {@link VariantHandle#awaitMade}: then
 * it has its bytes with it.
 */
public final class ReadyVariant extends Content {

  private final VariantRow row;
  private final VariantContent content;
  private final byte @Nullable [] bytes;
  private final Made made;
  private final Map<Stage, Duration> stages;
  private final BlobStore blobs;
  private final Runnable used;
  private final Supplier<ReadyVariant> remade;

  /** Whether a variant was there when it was asked for. */
  public enum Made {
    /** It was there. */
    BEFORE,
    /** It was made, or waited for, on this request. */
    NOW,
    /** It is another one, which was there, in place of the one that was asked for. */
    INSTEAD
  }

  /**
   * @param stages what is known of the time that stages of making it took
   * @param used counts a use
   * @param remade looks again, and has the variant made again if its bytes are gone; waits until it
   *     is kept if it was not
   */
  ReadyVariant(
      FoundVariant found,
      Made made,
      Map<Stage, Duration> stages,
      BlobStore blobs,
      Runnable used,
      Supplier<ReadyVariant> remade) {
    this.row = found.row();
    this.content = Objects.requireNonNull(row.content());
    this.bytes = found.bytes();
    this.made = made;
    this.stages = stages;
    this.blobs = blobs;
    this.used = used;
    this.remade = remade;
  }

  /** The variant's name. */
  public VariantKey key() {
    return row.key();
  }

  /** Canonical text of its recipe, with {@code auto} resolved. */
  public String transformation() {
    return row.transformation();
  }

  /** Whether it was there when it was asked for. */
  public Made made() {
    return made;
  }

  /**
   * Whether it was in the store and written down when this was answered; if not, its bytes are
   * here.
   */
  public boolean isKept() {
    return bytes == null;
  }

  /** How long it took to make, whenever that was. */
  public Duration cost() {
    return content.cost();
  }

  /**
   * How much of that a stage took: known if it was made on this request or while this waited for
   * it, by this process, and if the transformer tells it. Variants that were made together have
   * equal shares of what all took. With helpers it may be more than {@link #cost}: what threads do
   * beside one another is added up.
   */
  public Optional<Duration> took(Stage stage) {
    return Optional.ofNullable(stages.get(stage));
  }

  /** In pixels; 0 if it is not a picture. */
  public int width() {
    return content.width();
  }

  /** In pixels; 0 if it is not a picture. */
  public int height() {
    return content.height();
  }

  /** When it was first asked for; a variant is the same ever after. */
  public Instant requestedAt() {
    return row.requestedAt();
  }

  /** Counts a use, for those who kept the bytes and do not open them. */
  public void countUse() {
    used.run();
  }

  @Override
  public MediaType mediaType() {
    return content.type();
  }

  @Override
  public long size() {
    return content.blob().size();
  }

  @Override
  public Digest digest() {
    return content.blob().digest();
  }

  @Override
  BlobStore store() {
    return blobs;
  }

  @Override
  StorageKey storageKey() {
    return content.key();
  }

  /** {@inheritDoc} If the bytes are gone from the store, the variant is made again first. */
  @Override
  public InputStream open(ByteRange range) {
    if (range.offset() == 0) {
      used.run(); // who reads in pieces begins once
    }
    if (bytes != null) {
      int from = (int) Math.min(range.offset(), bytes.length);
      return new ByteArrayInputStream(bytes, from, (int) range.lengthIn(bytes.length));
    }
    try {
      return blobs.open(content.key(), range);
    } catch (BlobNotFoundException missing) {
      return blobs.open(remade.get().content.key(), range);
    }
  }

  /**
   * {@inheritDoc} If the bytes are gone from the store, the variant is made again; if they are on
   * their way there, that is waited for.
   */
  @Override
  public ReadyVariant present() {
    return isKept() && blobs.stat(content.key()).isPresent() ? this : remade.get();
  }
}
