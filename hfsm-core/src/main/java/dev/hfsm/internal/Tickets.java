package dev.hfsm.internal;

import dev.hfsm.error.InvalidTicketException;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is known about an upload under way into a text that only holders of the secret can
 * make (HMAC-SHA-256, RFC 2104), so that no node has to remember it. Thread-safe.
 */
public final class Tickets {

  /** How many bytes a secret has at least. */
  public static final int MIN_SECRET = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_LENGTH = 32;
  private static final int VERSION = 1;

  /** Says to whom the asset is shown as well. Nodes of 0.1 complete the others only. */
  private static final int SHOWING = 2;

  private static final int MAX_LENGTH = 16_384;

  private final SecretKeySpec secret;

  /**
   * @param secret 32 bytes or more; copied
   */
  public Tickets(byte[] secret) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * What a ticket says.
   *
   * @param landing where the bytes are put from outside; says scope and digest as well
   * @param size number of bytes
   * @param reference what claims the asset
   * @param claims what the uploader said
   * @param visibility to whom the asset is delivered, or null if that is not said
   */
  public record Ticket(
      StorageKey landing,
      long size,
      ReferenceName reference,
      Facts claims,
      @Nullable Visibility visibility) {}

  /** The text of a ticket: letters, digits, dashes and underscores. */
  public String seal(Ticket ticket) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      Visibility visibility = ticket.visibility();
      out.writeByte(visibility == null ? VERSION : SHOWING);
      out.writeUTF(ticket.landing().text());
      out.writeLong(ticket.size());
      out.writeUTF(ticket.reference().text());
      out.writeUTF(ticket.claims().get(Fact.FILE_NAME).orElse(""));
      out.writeUTF(ticket.claims().get(Fact.DECLARED_TYPE).orElse(""));
      if (visibility != null) {
        out.writeUTF(visibility.name());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to an array cannot fail", e);
    }
    byte[] body = bytes.toByteArray();
    byte[] whole = Arrays.copyOf(mac(body), MAC_LENGTH + body.length);
    System.arraycopy(body, 0, whole, MAC_LENGTH, body.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /**
   * Reads a ticket.
   *
   * @throws InvalidTicketException if it was not sealed with this secret
   */
  public Ticket open(String text) {
    byte[] whole = decode(text);
    if (whole.length < MAC_LENGTH) {
      throw refused();
    }
    byte[] body = Arrays.copyOfRange(whole, MAC_LENGTH, whole.length);
    if (!MessageDigest.isEqual(Arrays.copyOf(whole, MAC_LENGTH), mac(body))) {
      throw refused();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
      int version = in.readByte();
      if (version != VERSION && version != SHOWING) {
        throw new InvalidTicketException("ticket: expected one of version 1 or 2, found another");
      }
      return read(in, version);
    } catch (IOException | IllegalArgumentException e) {
      throw refused(); // sealed by code that wrote something else
    }
  }

  private static Ticket read(DataInputStream in, int version) throws IOException {
    StorageKey landing = new StorageKey(in.readUTF());
    long size = in.readLong();
    ReferenceName reference = new ReferenceName(in.readUTF());
    Facts named = with(Facts.NONE, Fact.FILE_NAME, in.readUTF());
    Facts claims = with(named, Fact.DECLARED_TYPE, in.readUTF());
    Visibility visibility = version == SHOWING ? Visibility.valueOf(in.readUTF()) : null;
    return new Ticket(landing, size, reference, claims, visibility);
  }

  private static Facts with(Facts facts, Fact<String> fact, String text) {
    return text.isEmpty() ? facts : facts.with(fact, text);
  }

  private static byte[] decode(String text) {
    if (text.length() > MAX_LENGTH) {
      throw refused();
    }
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw refused();
    }
  }

  private static InvalidTicketException refused() {
    return new InvalidTicketException(
        "ticket: expected one that was sealed with this pipeline's uploadSecret, found another text;"
            + " nodes that complete each other's uploads need the same secret");
  }

  private byte[] mac(byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform must offer " + ALGORITHM, e);
    }
  }
}
