package dev.hfsm;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.InvalidTicketException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.internal.Leftovers;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Tickets;
import dev.hfsm.internal.Tickets.Ticket;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.Presigner.PresignedPut;
import dev.hfsm.storage.PutPresigner;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Uploads that go straight to the store. They land under a key that no row ever names, because
 * whoever was allowed to write it may write it again; completing one copies it to a fresh key,
 * verified, and admits that. What nobody completes goes with the sweep.
 */
final class DirectUploads {

  private final Settings settings;
  private final Ingestion ingestion;
  private final Tickets tickets;
  private final Leftovers leftovers;

  DirectUploads(Settings settings, Ingestion ingestion, Tickets tickets) {
    this.settings = settings;
    this.ingestion = ingestion;
    this.tickets = tickets;
    this.leftovers = new Leftovers(settings.blobs());
  }

  PreparedUpload prepare(DirectUpload upload) {
    PutPresigner presigner = presigner();
    long most = settings.spool().maxBytes();
    if (upload.blob().size() > most) {
      throw new LimitExceededException(
          "upload: expected at most " + most + " bytes, found " + upload.blob().size(), false);
    }
    AssetId id = new AssetId(upload.scope(), upload.blob().digest());
    Lookup lookup = settings.ledger().intake().find(id);
    requireSize(upload.blob(), lookup.asset());
    Optional<Ingested> owned = ingestion.claim(id, upload.terms(), lookup);
    if (owned.isPresent()) {
      return new PreparedUpload.Owned(owned.get());
    }
    StorageKey landing = StorageKey.landing(id, Stamp.of(lookup.now(), settings.random()));
    PresignedPut request = presigner.put(landing, upload.blob(), upload.validFor());
    Terms terms = upload.terms();
    String ticket =
        tickets.seal(
            new Ticket(
                landing,
                upload.blob().size(),
                terms.reference(),
                terms.claims(),
                terms.visibility()));
    return new PreparedUpload.Transfer(request, ticket);
  }

  /**
   * One digest has one size, so another one is the client's mistake. Said only where the scope has
   * the asset, which may know it; of others' assets nothing was looked up.
   */
  private static void requireSize(BlobRef said, @Nullable AssetRow owned) {
    if (owned != null && owned.size() != said.size()) {
      throw new IntegrityException(
          "upload: expected the %d bytes of %s, found %d"
              .formatted(owned.size(), said.digest(), said.size()));
    }
  }

  private PutPresigner presigner() {
    return PutPresigner.of(settings.blobs())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "direct upload: expected a store that signs addresses (Presigner), as one in S3"
                        + " does, found one that does not; use ingest"));
  }

  Ingested complete(String text) {
    Ticket ticket = tickets.open(text);
    StorageKey.Parts parts = landing(ticket.landing());
    AssetId id = parts.asset();
    Lookup lookup = settings.ledger().intake().find(id);
    if (parts.stamp().isStale(lookup.now())) {
      throw new InvalidTicketException(
          "ticket: expected one of the last "
              + Stamp.SWEEP_WINDOW.dividedBy(2).toHours()
              + " hours, found one of "
              + parts.stamp().at());
    }
    // A second completion finds the asset, and what it lands on gone.
    Ingested asset =
        ingestion.claim(id, terms(ticket), lookup).orElseGet(() -> takeOver(ticket, id));
    leftovers.discard(ticket.landing());
    return asset;
  }

  private static StorageKey.Parts landing(StorageKey key) {
    return key.landed()
        .or(() -> key.parts().filter(p -> p.variant().isEmpty())) // of the version before
        .orElseThrow(() -> new InvalidTicketException("ticket: expected a key to land on"));
  }

  private static Terms terms(Ticket ticket) {
    return new Terms(ticket.reference(), ticket.claims(), ticket.visibility());
  }

  private Ingested takeOver(Ticket ticket, AssetId id) {
    try {
      return ingestion.takeOver(ticket.landing(), id, ticket.size(), terms(ticket));
    } catch (BlobNotFoundException e) {
      // Somebody else may just have completed it.
      Lookup again = settings.ledger().intake().find(id);
      return ingestion.claim(id, terms(ticket), again).orElseThrow(() -> e);
    } catch (IntegrityException e) {
      leftovers.discard(ticket.landing()); // so that the right bytes can still be sent
      throw e;
    }
  }
}
