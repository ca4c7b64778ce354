package dev.hfsm.s3;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/**
 * What objects are called, and what is said about them when they are made. Immutable.
 *
 * <p>Objects carry the metadata {@code asset-id} and {@code content-hash}. The media type of a
 * variant is told by the extension of its key; an original is {@code application/octet-stream},
 * because what it is is learned after it is stored, and because a type that nobody has checked must
 * not be served.
 */
final class ObjectRequests {

  /** The most that one request can store or copy. */
  static final long LARGEST_REQUEST = 5L << 30;

  static final String CONTENT_HASH = "content-hash";
  static final String ASSET_ID = "asset-id";

  private static final String UNKNOWN_TYPE = "application/octet-stream";
  private static final Map<String, String> TYPES =
      Map.of(
          "jpg",
          "image/jpeg",
          "png",
          "image/png",
          "webp",
          "image/webp",
          "gif",
          "image/gif",
          "avif",
          "image/avif",
          "mp4",
          "video/mp4",
          "webm",
          "video/webm",
          "pdf",
          "application/pdf");

  private final S3Config config;
  private final @Nullable String storageClass;
  private final @Nullable String sse;
  private final @Nullable String kmsKey;
  private final @Nullable String tagging;

  ObjectRequests(S3Config config) {
    this.config = config;
    Keeping keeping = config.keeping();
    this.storageClass = keeping.storageClass().isEmpty() ? null : keeping.storageClass();
    boolean kms = keeping.encryption() instanceof Encryption.Kms;
    boolean managed = keeping.encryption() instanceof Encryption.Managed;
    this.sse = kms ? "aws:kms" : managed ? "AES256" : null;
    this.kmsKey = keeping.encryption() instanceof Encryption.Kms k ? k.keyId() : null;
    this.tagging =
        keeping.tags().isEmpty()
            ? null
            : keeping.tags().entrySet().stream()
                .map(tag -> encoded(tag.getKey()) + "=" + encoded(tag.getValue()))
                .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  String bucket() {
    return config.bucket();
  }

  String name(StorageKey key) {
    return config.prefix() + key.text();
  }

  /** The key of an object of ours; empty for a stranger's. */
  Optional<StorageKey> key(String name) {
    String text = name.startsWith(config.prefix()) ? name.substring(config.prefix().length()) : "";
    return StorageKey.isValid(text) ? Optional.of(new StorageKey(text)) : Optional.empty();
  }

  /** The Base64 form in which S3 gives and takes a SHA-256. */
  static String checksum(Digest digest) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
  }

  static String typeOf(StorageKey key) {
    String text = key.text();
    int dot = text.lastIndexOf('.');
    return TYPES.getOrDefault(text.substring(dot + 1), UNKNOWN_TYPE);
  }

  private static Map<String, String> metadata(StorageKey key, BlobRef blob) {
    Map<String, String> metadata = new HashMap<>();
    metadata.put(CONTENT_HASH, blob.digest().toString());
    key.parts()
        .or(key::landed)
        .map(StorageKey.Parts::asset)
        .map(AssetId::toString)
        .ifPresent(asset -> metadata.put(ASSET_ID, asset));
    return metadata;
  }

  /** A put whose checksum is the digest: the server verifies the whole blob. */
  PutObjectRequest put(StorageKey key, BlobRef blob, Guard guard) {
    return PutObjectRequest.builder()
        .bucket(bucket())
        .key(name(key))
        .contentLength(blob.size())
        .contentType(typeOf(key))
        .checksumSHA256(checksum(blob.digest()))
        .ifNoneMatch(guard.header())
        .metadata(metadata(key, blob))
        .storageClass(storageClass)
        .serverSideEncryption(sse)
        .ssekmsKeyId(kmsKey)
        .tagging(tagging)
        .build();
  }

  /** Not of the form of a key, so that nobody takes it for a blob. */
  String probeName() {
    return config.prefix() + "condition-probe";
  }

  /** A put that a server has to refuse, because its body is not that of the checksum. */
  PutObjectRequest refusable(long size, Guard guard) {
    return PutObjectRequest.builder()
        .bucket(bucket())
        .key(probeName())
        .contentLength(size)
        .checksumSHA256(checksum(Digest.ofContent(new byte[0])))
        .ifNoneMatch(guard.header())
        .storageClass(storageClass)
        .serverSideEncryption(sse)
        .ssekmsKeyId(kmsKey)
        .tagging(tagging)
        .build();
  }

  CreateMultipartUploadRequest multipart(StorageKey key, BlobRef blob) {
    return CreateMultipartUploadRequest.builder()
        .bucket(bucket())
        .key(name(key))
        .contentType(typeOf(key))
        .checksumAlgorithm(ChecksumAlgorithm.SHA256)
        .checksumType(ChecksumType.COMPOSITE)
        .metadata(metadata(key, blob))
        .storageClass(storageClass)
        .serverSideEncryption(sse)
        .ssekmsKeyId(kmsKey)
        .tagging(tagging)
        .build();
  }

  /** A copy that fails if the source is no longer the object of that entity tag. */
  CopyObjectRequest copy(StorageKey from, String entityTag, StorageKey to, BlobRef blob) {
    return CopyObjectRequest.builder()
        .sourceBucket(bucket())
        .sourceKey(name(from))
        .copySourceIfMatch(entityTag)
        .destinationBucket(bucket())
        .destinationKey(name(to))
        .metadataDirective(MetadataDirective.REPLACE)
        .contentType(typeOf(to))
        .checksumAlgorithm(ChecksumAlgorithm.SHA256)
        .metadata(metadata(to, blob))
        .storageClass(storageClass)
        .serverSideEncryption(sse)
        .ssekmsKeyId(kmsKey)
        .taggingDirective(tagging == null ? null : TaggingDirective.REPLACE)
        .tagging(tagging)
        .build();
  }

  /** Whether the server is asked to refuse a key that is there already. */
  enum Guard {
    /** It is. */
    IF_NONE_MATCH("*"),
    /** It is not, because it does not know how. */
    NONE(null);

    private final @Nullable String header;

    Guard(@Nullable String header) {
      this.header = header;
    }

    @Nullable String header() {
      return header;
    }
  }
}
