package dev.hfsm;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.internal.DamageNotes;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;

/** The bytes of an asset, as they were uploaded. */
public final class Original extends Content {

  private final AssetRow asset;
  private final LedgerReader reader;
  private final BlobStore blobs;
  private final DamageNotes damages;

  Original(AssetRow asset, LedgerReader reader, BlobStore blobs, DamageNotes damages) {
    this.asset = asset;
    this.reader = reader;
    this.blobs = blobs;
    this.damages = damages;
  }

  /** The asset's row as it was read when this was opened. */
  public AssetRow asset() {
    return asset;
  }

  @Override
  public MediaType mediaType() {
    return asset.facts().get(Fact.MEDIA_TYPE).orElse(MediaType.OCTET_STREAM);
  }

  @Override
  public long size() {
    return asset.size();
  }

  @Override
  public Digest digest() {
    return asset.id().digest();
  }

  @Override
  BlobStore store() {
    return blobs;
  }

  @Override
  StorageKey storageKey() {
    return asset.key();
  }

  /**
   * {@inheritDoc}
   *
   * @throws AssetGoneException if the asset was collected in between
   * @throws IntegrityException if its row is there and its bytes are not, which is noted: the next
   *     upload of the bytes brings them back
   */
  @Override
  public InputStream open(ByteRange range) {
    try {
      return blobs.open(asset.key(), range);
    } catch (BlobNotFoundException missing) {
      return blobs.open(current(missing).key(), range);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws AssetGoneException as {@link #open} does
   * @throws IntegrityException as {@link #open} does
   */
  @Override
  public Original present() {
    if (blobs.stat(asset.key()).isPresent()) {
      return this;
    }
    BlobNotFoundException missing = new BlobNotFoundException(asset.key().toString());
    return new Original(current(missing), reader, blobs, damages);
  }

  @Override
  public IntegrityException damaged(String difference) {
    damages.met(asset, DamageNotes.DAMAGED, difference);
    return super.damaged(difference);
  }

  /** Where the bytes are now that they are not where they were. */
  private AssetRow current(BlobNotFoundException missing) {
    AssetRow current =
        reader.asset(asset.id()).orElseThrow(() -> new AssetGoneException(asset.id().toString()));
    if (current.key().equals(asset.key())) {
      damages.met(current, DamageNotes.MISSING, "expected an object, found none");
      throw new IntegrityException(
          "the original of " + asset.id() + " is missing from the store", missing);
    }
    return current;
  }
}
