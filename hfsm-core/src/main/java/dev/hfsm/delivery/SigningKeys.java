package dev.hfsm.delivery;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets that URLs are signed with (HMAC-SHA-256, RFC 2104), by their ids. New URLs are signed
 * with one; URLs that were signed with another one stay valid for as long as it is {@linkplain
 * #accepting accepted}. Immutable and thread-safe; never prints a secret.
 */
public final class SigningKeys {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int LEAST_SECRET = 32;
  private static final Pattern ID = Pattern.compile("[a-z0-9]{1,8}");

  private static final SigningKeys NONE = new SigningKeys("", Map.of());

  private final String current;
  private final Map<String, SecretKeySpec> secrets;

  private SigningKeys(String current, Map<String, SecretKeySpec> secrets) {
    this.current = current;
    this.secrets = Map.copyOf(secrets);
  }

  /** No secret at all: what is public is served, and nothing can be signed. */
  public static SigningKeys none() {
    return NONE;
  }

  /**
   * Signs with this secret.
   *
   * @param id 1 to 8 characters of {@code [a-z0-9]}; stands in URLs
   * @param secret 32 random bytes or more; copied
   */
  public static SigningKeys of(String id, byte[] secret) {
    return new SigningKeys(id, Map.of(id, key(id, secret)));
  }

  /**
   * The same, accepting URLs that were signed with an older secret as well.
   *
   * @throws IllegalStateException if there is none that signs
   */
  public SigningKeys accepting(String id, byte[] secret) {
    requireOne();
    Map<String, SecretKeySpec> more = new LinkedHashMap<>(secrets);
    if (more.put(id, key(id, secret)) != null) {
      throw new IllegalArgumentException("signing key " + id + ": expected once, found twice");
    }
    return new SigningKeys(current, more);
  }

  private static SecretKeySpec key(String id, byte[] secret) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "signing key: expected an id of 1 to 8 characters of [a-z0-9], found " + id);
    }
    if (secret.length < LEAST_SECRET) {
      throw new IllegalArgumentException(
          "signing key %s: expected a secret of %d bytes or more, found %d"
              .formatted(id, LEAST_SECRET, secret.length));
    }
    return new SecretKeySpec(secret, ALGORITHM);
  }

  /** The id of the secret that signs. */
  String current() {
    requireOne();
    return current;
  }

  private void requireOne() {
    if (secrets.isEmpty()) {
      throw new IllegalStateException(
          "signing keys: expected one, found none; without, presets of public assets have URLs");
    }
  }

  /** The signature of a text, in the URL-safe alphabet of base 64 (RFC 4648, section 5). */
  String sign(String text) {
    return encoded(secrets.get(current), text);
  }

  /** Whether a signature is that of the text; takes as long whatever is wrong about it. */
  boolean verify(String id, String signature, String text) {
    if (secrets.isEmpty()) {
      return false;
    }
    SecretKeySpec known = secrets.get(id);
    String expected = encoded(known == null ? secrets.get(current) : known, text);
    boolean equal =
        MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.US_ASCII),
            signature.getBytes(StandardCharsets.US_ASCII));
    return equal & known != null;
  }

  private static String encoded(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] code = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return secrets.isEmpty()
        ? "signing nothing"
        : "signing with " + current + ", accepting " + secrets.keySet();
  }
}
