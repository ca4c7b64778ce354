package dev.hfsm.s3;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How objects are kept: what they cost, who can read the disk, what bills and life-cycle rules go
 * by.
 *
 * @param storageClass as S3 spells it, for instance {@code STANDARD_IA}; empty for what the server
 *     takes by itself
 * @param encryption how the server encrypts
 * @param tags up to ten, put on every object; the policy then has to allow {@code
 *     s3:PutObjectTagging}
 */
public record Keeping(String storageClass, Encryption encryption, Map<String, String> tags) {

  /** From these an object has to be restored before it can be read. */
  private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

  private static final int MAX_TAGS = 10;

  /** As the bucket says. */
  public static final Keeping DEFAULT = new Keeping("", Encryption.ofTheBucket(), Map.of());

  /** Refuses what S3 would refuse, and archives. */
  public Keeping {
    if (!storageClass.matches("[A-Z0-9_]{0,40}")) {
      throw new IllegalArgumentException(
          "storage class: expected for instance STANDARD_IA, found " + storageClass);
    }
    if (ARCHIVES.contains(storageClass)) {
      throw new IllegalArgumentException(
          "storage class: expected one whose objects can be read at once, found " + storageClass);
    }
    if (tags.size() > MAX_TAGS) {
      throw new IllegalArgumentException(
          "tags: expected at most " + MAX_TAGS + ", found " + tags.size());
    }
    tags.forEach(
        (name, value) -> {
          if (name.isEmpty() || name.length() > 128 || value.length() > 256) {
            throw new IllegalArgumentException(
                "tag: expected a name of 1 to 128 and a value of up to 256 characters, found "
                    + name
                    + "="
                    + value);
          }
        });
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /** In another storage class. */
  public Keeping storageClass(String name) {
    return new Keeping(name, encryption, tags);
  }

  /** Encrypted in another way. */
  public Keeping encryption(Encryption way) {
    return new Keeping(storageClass, way, tags);
  }

  /** With one more tag. */
  public Keeping tag(String name, String value) {
    Map<String, String> more = new TreeMap<>(tags);
    more.put(name, value);
    return new Keeping(storageClass, encryption, more);
  }
}
