package dev.hfsm.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Content;
import dev.hfsm.Original;
import dev.hfsm.ReadyVariant;
import dev.hfsm.VariantHandle;
import dev.hfsm.delivery.Representation.Kept;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.transform.Accept;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for signed URLs, whatever the HTTP server: see {@link AssetUrls} for how they
 * are made. A variant is made on its first request; whoever asks meanwhile waits for it, up to a
 * bound.
 *
 * <p>The signature is checked before anything is looked up: a request that is not signed costs
 * neither ledger nor store. Small variants are served from the heap, and reached through their rows
 * alone: what was purged is not served once this node has heard of it, nor for longer than {@link
 * dev.hfsm.custody.PurgeReceipt#cachesWithin()} if it does not.
 *
 * <p>Thread-safe. Blocks the calling thread while a variant is made.
 */
public final class Delivery {

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int LARGEST_KEPT = 1 << 20;

  private final AssetPipeline assets;
  private final SigningKeys keys;
  private final InstantSource clock;
  private final Duration patience;
  private final String version;
  private final Cache<Digest, byte[]> hot;

  Delivery(
      AssetPipeline assets,
      SigningKeys keys,
      InstantSource clock,
      Duration patience,
      long hotBytes) {
    this.assets = assets;
    this.keys = keys;
    this.clock = clock;
    this.patience = patience;
    this.version = AssetUrls.version(assets.transformers());
    this.hot =
        Caffeine.newBuilder()
            .maximumWeight(hotBytes)
            .weigher((Digest digest, byte[] bytes) -> bytes.length + 200)
            .build();
  }

  /** Serves what a pipeline keeps, to whoever has a URL signed with one of the keys. */
  public static DeliveryBuilder of(AssetPipeline assets, SigningKeys keys) {
    return new DeliveryBuilder(assets, keys);
  }

  /**
   * Answers a request. Never throws: what goes wrong is a status. The caller closes the response.
   */
  public DeliveryResponse handle(DeliveryRequest request) {
    Timing timing = new Timing();
    try {
      Optional<Link.Signed> signed = Link.parse(request.path());
      if (signed.isEmpty()) {
        return Problem.NOT_FOUND.response(request, timing);
      }
      if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
        return Problem.METHOD_NOT_ALLOWED.response(request, timing);
      }
      Link link = signed.get().link();
      if (!keys.verify(signed.get().key(), signed.get().signature(), link.signedText())) {
        return Problem.FORBIDDEN.response(request, timing);
      }
      if (link.expires() != 0 && clock.instant().getEpochSecond() >= link.expires()) {
        return Problem.EXPIRED.response(request, timing);
      }
      return answer(request, link, timing);
    } catch (HfsmException e) {
      return Problem.of(e).response(request, timing);
    } catch (RuntimeException e) {
      LOG.error("a request could not be answered", e);
      return Problem.UNEXPECTED.response(request, timing);
    }
  }

  private DeliveryResponse answer(DeliveryRequest request, Link link, Timing timing) {
    Transformation recipe = link.recipe();
    Representation found =
        recipe == null ? original(link, timing) : variant(request, link, recipe, timing);
    return found.respond(request, timing);
  }

  private Representation original(Link link, Timing timing) {
    Original original = timing.measure("ledger", () -> assets.open(link.asset()));
    String name = original.asset().facts().get(Fact.FILE_NAME).orElse("");
    return new Representation(
        original, original.asset().admittedAt(), freshness(link), false, name, opener(original));
  }

  private Representation variant(
      DeliveryRequest request, Link link, Transformation recipe, Timing timing) {
    Format format = link.format().orElseThrow();
    AssetId id = link.asset();
    Accept accept = request.header("Accept").map(Accept::parse).orElse(Accept.ANYTHING);
    VariantHandle wanted = assets.variant(id, recipe.format(format), accept);
    ReadyVariant ready = timing.measure("ledger", () -> Shedding.await(wanted, patience));
    if (ready.made() == ReadyVariant.Made.NOW) {
      timing.add("transform", ready.cost());
    }
    return new Representation(
        ready,
        ready.requestedAt(),
        ready.made() == ReadyVariant.Made.INSTEAD ? Kept.AS_STAND_IN : freshness(link),
        format == Format.AUTO,
        "",
        ready.size() > LARGEST_KEPT ? opener(ready) : kept(ready));
  }

  /** A link of another version names what is not made any more: what is now is lent to it. */
  private Kept freshness(Link link) {
    if (link.recipe() != null && !link.version().equals(version)) {
      return Kept.BRIEFLY;
    }
    return link.expires() == 0
        ? Kept.FOREVER
        : Kept.until(clock.instant(), Instant.ofEpochSecond(link.expires()));
  }

  private static Representation.Opener opener(Content content) {
    return range -> DeliveryBody.of(content.open(range), range.lengthIn(content.size()));
  }

  /** From the heap; what is not there is read whole, hashed, and kept. */
  private Representation.Opener kept(ReadyVariant variant) {
    return range -> {
      byte[] bytes = hot.getIfPresent(variant.digest());
      if (bytes == null) {
        bytes = read(variant);
        if (!Digest.ofContent(bytes).equals(variant.digest())) {
          throw new IntegrityException("the stored bytes of " + variant.key() + " are damaged");
        }
        hot.put(variant.digest(), bytes);
      } else if (range.offset() == 0) {
        variant.countUse();
      }
      int from = (int) Math.min(range.offset(), bytes.length);
      return DeliveryBody.of(bytes, from, (int) range.lengthIn(bytes.length));
    };
  }

  private static byte[] read(ReadyVariant variant) {
    try (InputStream in = variant.open(ByteRange.ALL)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new BlobStoreException("cannot read " + variant.key() + ": " + e, e, true);
    }
  }
}
