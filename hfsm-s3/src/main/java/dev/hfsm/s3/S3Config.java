package dev.hfsm.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bucket, where it is, and how objects are kept in it. Immutable; nothing is looked up before
 * the store is used.
 *
 * @param bucket its name
 * @param prefix what the name of every object starts with: empty, or ending in a slash
 * @param region null for the one the environment names ({@code AWS_REGION}, the profile, the
 *     machine)
 * @param endpoint where to connect to; null for AWS itself
 * @param addressing where a request says which bucket it means
 * @param keeping how objects are kept
 * @param timeout how long a connection, and each silence of the server, is waited for
 * @param attempts how often a request is made at most before it is given up
 * @param multipartAbove blobs larger than this many bytes go in parts
 */
public record S3Config(
    String bucket,
    String prefix,
    @Nullable String region,
    @Nullable URI endpoint,
    Addressing addressing,
    Keeping keeping,
    Duration timeout,
    int attempts,
    long multipartAbove) {

  /** The smallest part that S3 takes, except for the last one. */
  static final long SMALLEST_PART = 5L << 20;

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9!_.*'()-]+/)*");
  private static final int MAX_PREFIX = 400;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
  private static final int ATTEMPTS = 4;
  private static final int MAX_ATTEMPTS = 20;
  private static final long MULTIPART_ABOVE = 64L << 20;

  /** Refuses what cannot work. */
  public S3Config {
    if (!BUCKET.matcher(bucket).matches()) {
      throw refused("bucket", "3 to 63 characters of [a-z0-9._-]", bucket);
    }
    if (!PREFIX.matcher(prefix).matches() || prefix.length() > MAX_PREFIX) {
      throw refused("prefix", "folders of [A-Za-z0-9!_.*'()-] that each end in a slash", prefix);
    }
    if (region != null && !region.matches("[a-z0-9-]{2,40}")) {
      throw refused("region", "for instance eu-central-1", region);
    }
    if (endpoint != null && !isEndpoint(endpoint)) {
      throw refused("endpoint", "http(s)://host[:port]", endpoint.toString());
    }
    if (timeout.toMillis() < 1 || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw refused("timeout", "1 ms to 1 h", timeout.toString());
    }
    if (attempts < 1 || attempts > MAX_ATTEMPTS) {
      throw refused("attempts", "1 to " + MAX_ATTEMPTS, Integer.toString(attempts));
    }
    if (multipartAbove < SMALLEST_PART || multipartAbove > ObjectRequests.LARGEST_REQUEST) {
      throw refused("multipartAbove", "5 MiB to 5 GiB", Long.toString(multipartAbove));
    }
  }

  private static boolean isEndpoint(URI endpoint) {
    String scheme = endpoint.getScheme();
    return scheme != null
        && scheme.toLowerCase(Locale.ROOT).matches("https?")
        && endpoint.getHost() != null
        && endpoint.getUserInfo() == null
        && endpoint.getQuery() == null;
  }

  private static IllegalArgumentException refused(String setting, String expected, String found) {
    return new IllegalArgumentException(setting + ": expected " + expected + ", found " + found);
  }

  /** A bucket of AWS. */
  public static S3Config of(String bucket) {
    return new S3Config(
        bucket,
        "",
        null,
        null,
        Addressing.VIRTUAL_HOST,
        Keeping.DEFAULT,
        TIMEOUT,
        ATTEMPTS,
        MULTIPART_ABOVE);
  }

  /** Under a folder of the bucket; a slash at the end may be left out. */
  public S3Config prefix(String folder) {
    String whole = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
    return new S3Config(
        bucket, whole, region, endpoint, addressing, keeping, timeout, attempts, multipartAbove);
  }

  /** In a region. */
  public S3Config region(String name) {
    return new S3Config(
        bucket, prefix, name, endpoint, addressing, keeping, timeout, attempts, multipartAbove);
  }

  /** On a server of one's own, which is addressed by path. */
  public S3Config endpoint(URI address) {
    return new S3Config(
        bucket,
        prefix,
        region,
        address,
        Addressing.PATH,
        keeping,
        timeout,
        attempts,
        multipartAbove);
  }

  /** Addressed in another way; to be said after {@link #endpoint(URI)}. */
  public S3Config addressing(Addressing way) {
    return new S3Config(
        bucket, prefix, region, endpoint, way, keeping, timeout, attempts, multipartAbove);
  }

  /** With objects kept in another way. */
  public S3Config keeping(Keeping how) {
    return new S3Config(
        bucket, prefix, region, endpoint, addressing, how, timeout, attempts, multipartAbove);
  }

  /** With another patience; 30 s by default. */
  public S3Config timeout(Duration patience) {
    return new S3Config(
        bucket, prefix, region, endpoint, addressing, keeping, patience, attempts, multipartAbove);
  }

  /** With another number of attempts; 4 by default. */
  public S3Config attempts(int count) {
    return new S3Config(
        bucket, prefix, region, endpoint, addressing, keeping, timeout, count, multipartAbove);
  }

  /** With parts above another size; 64 MiB by default. */
  public S3Config multipartAbove(long bytes) {
    return new S3Config(
        bucket, prefix, region, endpoint, addressing, keeping, timeout, attempts, bytes);
  }

  /** {@code s3://bucket/prefix}, for messages. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }
}
