package dev.hfsm.s3;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.s3.ObjectLook.Seen;
import dev.hfsm.s3.S3Errors.Action;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStat;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Presigner;
import dev.hfsm.storage.PutPresigner;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Keeps blobs in a bucket of S3, or of a server that speaks its language. Thread-safe; any number
 * of processes may share a bucket and prefix, and the bucket may hold other things.
 *
 * <p>A blob is durable and visible as a whole when the server has acknowledged it. Up to {@link
 * S3Config#multipartAbove} it goes in one request whose checksum is the digest, so the server
 * verifies all of it; beyond that it goes in parts that the server verifies one by one. The whole
 * is always verified here as well. A request whose answer was lost is repeated, and what it left is
 * recognised by its checksum. What a bucket needs to be, what a policy has to allow, and what
 * checksums prove, stands in docs/s3.md.
 *
 * <p>Offers {@link Presigner}, {@link ServerCopy} and {@link BatchDelete}.
 */
public final class S3BlobStore implements BlobStore {

  private static final Set<Class<?>> OFFERED =
      Set.of(Presigner.class, PutPresigner.class, ServerCopy.class, BatchDelete.class);

  private final S3Client client;
  private final S3Connection connection;
  private final ObjectRequests requests;
  private final S3Errors errors;
  private final ObjectLook look;
  private final ObjectGet gets;
  private final BlobPut puts;
  private final KeyListing listing;
  private final List<Object> capabilities;
  private final int attempts;
  private final AtomicBoolean closed = new AtomicBoolean();

  private S3BlobStore(S3Config config, S3Connection connection) {
    this.connection = connection;
    this.client = connection.client();
    this.attempts = config.attempts();
    this.requests = new ObjectRequests(config);
    this.errors = new S3Errors(config);
    this.look = new ObjectLook(client, requests, errors);
    this.gets = new ObjectGet(client, requests, errors);
    Arrival arrival = new Arrival(look, errors);
    this.puts = new BlobPut(client, config, requests, arrival, errors, System::nanoTime);
    this.listing = new KeyListing(client, config, requests, errors);
    this.capabilities =
        List.of(
            new Presigning(connection.presigner(), requests, puts::knownGuard, errors),
            new ObjectCopy(client, requests, look, arrival, this),
            new BatchDeletion(client, requests, errors));
  }

  /**
   * A store with a client of its own, which finds credentials as every AWS program does: in system
   * properties, the environment, the profile, or the machine it runs on. Asks nobody yet.
   *
   * @throws BlobStoreException if no region is given and the environment names none
   */
  public static S3BlobStore open(S3Config config) {
    return open(config, DefaultCredentialsProvider.builder().build());
  }

  /** As {@link #open(S3Config)}, with credentials of the host's. */
  public static S3BlobStore open(S3Config config, AwsCredentialsProvider credentials) {
    return new S3BlobStore(config, S3Connection.open(config, credentials));
  }

  /**
   * A store over a client of the host's, which stays open when the store closes. Its own region,
   * endpoint, credentials, patience and retries are used; of the config only bucket, prefix,
   * addressing (for signed addresses), keeping and size of parts.
   */
  public static S3BlobStore over(S3Client client, S3Config config) {
    return new S3BlobStore(config, S3Connection.over(client, config));
  }

  @Override
  public void put(StorageKey key, BlobRef expected, ByteSource content) {
    puts.put(key, expected, content);
  }

  @Override
  public Optional<BlobStat> stat(StorageKey key) {
    return look.at(key).map(Seen::size).map(BlobStat::new);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Closing the stream early drops the connection; nothing more is read. A connection that
   * breaks is made anew where it broke; only if that fails is it an {@link java.io.IOException}.
   */
  @Override
  public InputStream open(StorageKey key, ByteRange range) {
    if (range.length() == 0) {
      look.at(key).orElseThrow(() -> new BlobNotFoundException(key.text()));
      return InputStream.nullInputStream();
    }
    try {
      ResponseInputStream<GetObjectResponse> body = gets.get(key, range, null);
      String entityTag = body.response().eTag();
      return new ObjectStream(
          body, attempts, position -> gets.get(key, range.after(position), entityTag));
    } catch (SdkException e) {
      if (S3Errors.isStatus(e, 416)) {
        return InputStream.nullInputStream(); // there is a blob, and it ends before the range
      }
      // An answer may have lost its words; then a look tells a missing object and bucket apart.
      if (S3Errors.isCode(e, "NoSuchKey") || S3Errors.isStatus(e, 404) && look.at(key).isEmpty()) {
        throw new BlobNotFoundException(key.text());
      }
      throw errors.translate(new Action("reading " + key, "s3:GetObject"), e);
    }
  }

  @Override
  public boolean delete(StorageKey key) {
    if (look.at(key).isEmpty()) {
      return false;
    }
    try {
      client.deleteObject(r -> r.bucket(requests.bucket()).key(requests.name(key)));
      return true;
    } catch (SdkException e) {
      throw errors.translate(new Action("deleting " + key, "s3:DeleteObject"), e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>A page has at most 1000 keys, and may have none where the bucket holds foreign objects.
   */
  @Override
  public Page<StorageKey> list(String prefix, Cursor after, int limit) {
    return listing.list(prefix, after, limit);
  }

  @Override
  public <C> Optional<C> capability(Class<C> type) {
    return OFFERED.contains(type)
        ? capabilities.stream().filter(type::isInstance).map(type::cast).findFirst()
        : Optional.empty();
  }

  /** Closes the client, unless it is the host's. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      connection.close();
    }
  }
}
