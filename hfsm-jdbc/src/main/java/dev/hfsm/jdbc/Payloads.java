package dev.hfsm.jdbc;

import dev.hfsm.error.MalformedTextException;
import dev.hfsm.ledger.LedgerBell.Kind;
import dev.hfsm.ledger.LedgerBell.Ring;
import dev.hfsm.model.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The text form of rings: a line for each, its kind and, if it says, its subject. All of it is
 * ASCII.
 */
final class Payloads {

  /** PostgreSQL takes less than 8000 bytes. */
  private static final int MAX_BYTES = 7900;

  /** Beyond this a list of subjects costs listeners more than a look at all they wait for. */
  private static final int MAX_PAYLOADS = 4;

  private Payloads() {}

  /** As few texts as these rings take; too many rings become one that says "anything". */
  static List<String> of(Collection<Ring> rings) {
    List<String> payloads = pack(rings);
    return payloads.size() <= MAX_PAYLOADS
        ? payloads
        : pack(rings.stream().map(ring -> new Ring(ring.kind(), null)).toList());
  }

  private static List<String> pack(Collection<Ring> rings) {
    Set<String> lines = new LinkedHashSet<>();
    rings.forEach(ring -> lines.add(line(ring)));
    List<String> payloads = new ArrayList<>();
    StringBuilder payload = new StringBuilder();
    for (String line : lines) {
      if (payload.length() + line.length() > MAX_BYTES) {
        payloads.add(payload.toString());
        payload.setLength(0);
      }
      payload.append(line).append('\n');
    }
    payloads.add(payload.toString());
    return payloads;
  }

  private static String line(Ring ring) {
    return ring.subject() == null ? ring.kind().name() : ring.kind() + " " + ring.subject();
  }

  /** What a payload says. What this version does not understand can be anything. */
  static List<Ring> parse(String payload) {
    return payload.lines().flatMap(Payloads::ring).toList();
  }

  private static Stream<Ring> ring(String line) {
    String[] parts = line.split(" ", 2);
    try {
      Kind kind = Kind.valueOf(parts[0]);
      return Stream.of(new Ring(kind, parts.length == 1 ? null : Subject.parse(parts[1])));
    } catch (IllegalArgumentException | MalformedTextException e) {
      return Stream.of(Kind.values()).map(kind -> new Ring(kind, null));
    }
  }
}
