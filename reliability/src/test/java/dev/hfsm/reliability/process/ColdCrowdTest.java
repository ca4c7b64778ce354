package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.reliability.Proof;
import dev.hfsm.transform.Format;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of several serving JVMs want the same variant, which nobody has made yet. */
@Timeout(3600)
class ColdCrowdTest {

  private static final int JVMS = 3;
  private static final int CLIENTS = 100;

  @TempDir Path folder;
  private final List<String> wrong = new ArrayList<>();

  private static Child serving(Site site) {
    return Child.start(ServingChild.class, site.arguments());
  }

  private static void awaitReady(Collection<Child> jvms) {
    jvms.forEach(jvm -> jvm.await("ready", Factory.PATIENCE));
  }

  /** The path of a variant of a new asset that was inspected. */
  private static String path(Node node, String line) {
    try (AssetPipeline asking = node.pipeline().transformer(new Toys()).build()) {
      AssetId id = asking.ingest(Upload.of(Toys.toy(line)).as(line)).id();
      asking.awaitInspected(id, Factory.PATIENCE);
      return AssetUrls.of(asking, ServingChild.KEYS, "")
          .variant(id, Factory.RECIPE.format(Format.JPEG));
    }
  }

  private static void ask(Collection<Child> jvms, String path) {
    jvms.forEach(jvm -> jvm.say("get " + CLIENTS + " " + path));
  }

  /** The answers, and how often somebody has begun to make the variant until all were there. */
  private record Heard(List<String> answers, int made) {

    static Heard of(Collection<Child> jvms, int count) {
      List<String> answers = new ArrayList<>();
      int made = 0;
      long deadline = System.nanoTime() + Factory.PATIENCE.toNanos();
      while (answers.size() < count && System.nanoTime() < deadline) {
        for (Child jvm : jvms) {
          for (String line : jvm.saidSoFar()) {
            made += line.startsWith("making ") ? 1 : 0;
            if (line.startsWith("answer ")) {
              answers.add(line);
            }
          }
        }
        LockSupport.parkNanos(1_000_000); // the others need the processors
      }
      return new Heard(answers, made);
    }
  }

  private static String expected(String line) {
    byte[] cut = line.substring(0, 8).getBytes(StandardCharsets.UTF_8);
    return "answer 200 - " + Digest.ofContent(cut);
  }

  /** Waits until all clients of each wait; how often somebody has begun to make the variant. */
  private static int awaitAllWaiting(Collection<Child> jvms) {
    int made = 0;
    for (Child jvm : jvms) {
      for (String line = jvm.next(Factory.PATIENCE);
          !line.equals("waiting");
          line = jvm.next(Factory.PATIENCE)) {
        made += line.startsWith("making ") ? 1 : 0;
      }
    }
    return made;
  }

  @Test
  void whatACrowdAtSeveralJvmsWaitsForIsMadeOnce() {
    Proof proof = Proof.of("i1", "one variant, a crowd at 3 JVMs");
    int rounds = Proof.inShortOrLong(1, 20);
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    try (Node node = Node.open(site, 6)) {
      for (int round = 0; round < rounds; round++) {
        List<Child> jvms = IntStream.range(0, JVMS).mapToObj(i -> serving(site)).toList();
        try {
          awaitReady(jvms);
          String line = "%08d CROWD".formatted(round);
          ask(jvms, path(node, line));
          int made = awaitAllWaiting(jvms);
          jvms.forEach(jvm -> jvm.say("go"));
          Heard heard = Heard.of(jvms, JVMS * CLIENTS);
          check(heard, made + heard.made(), 1, JVMS * CLIENTS, line);
        } finally {
          jvms.forEach(Child::kill);
        }
      }
    }
    proof
        .ran("%d rounds of %d clients at each of %d JVMs", rounds, CLIENTS, JVMS)
        .ran("each made once, %d equal answers", JVMS * CLIENTS)
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
  }

  @Test
  void whenTheJvmThatMakesItIsKilledAnotherMakesItOnceForAllWhoWait() {
    Proof proof = Proof.of("i2", "the JVM that makes it for a crowd is killed");
    int rounds = Proof.inShortOrLong(1, 20);
    List<Long> millis = new ArrayList<>();
    Site site = Site.create(Site.Kind.POSTGRESQL, folder);
    try (Node node = Node.open(site, 6)) {
      for (int round = 0; round < rounds; round++) {
        millis.add(killed(site, node, "%08d KILLED".formatted(round)));
      }
    }
    millis.sort(null);
    proof
        .ran("%d times killed under a lease of %d ms", rounds, ServingChild.LEASE.toMillis())
        .ran("made once more, %d clients of the others answered", (JVMS - 1) * CLIENTS)
        .ran("%d ms after it (longest)", millis.get(rounds - 1))
        .violated(wrong.size())
        .write();
    assertThat(wrong).isEmpty();
    Proof.requireInLongMode(
        "the longest after a kill",
        Duration.ofMillis(millis.get(rounds - 1)),
        ServingChild.LEASE.plusSeconds(1).multipliedBy(2));
  }

  private long killed(Site site, Node node, String line) {
    Child leader = serving(site);
    List<Child> others = new ArrayList<>();
    try {
      awaitReady(Set.of(leader));
      String path = path(node, line);
      ask(Set.of(leader), path);
      leader.await("making", Factory.PATIENCE);
      IntStream.range(1, JVMS).forEach(i -> others.add(serving(site)));
      awaitReady(others);
      ask(others, path);
      int made = awaitAllWaiting(others);
      if (made > 0) {
        wrong.add(line + ": made by another while its maker lived");
      }
      others.forEach(jvm -> jvm.say("go"));
      leader.kill();
      long begin = System.nanoTime();
      Heard heard = Heard.of(others, (JVMS - 1) * CLIENTS);
      long took = System.nanoTime() - begin;
      check(heard, heard.made(), 1, (JVMS - 1) * CLIENTS, line);
      return TimeUnit.NANOSECONDS.toMillis(took);
    } finally {
      leader.kill();
      others.forEach(Child::kill);
    }
  }

  private void check(Heard heard, int made, int expectedMade, int clients, String line) {
    if (made != expectedMade) {
      wrong.add("%s: made %d times, expected %d".formatted(line, made, expectedMade));
    }
    if (heard.answers().size() != clients) {
      wrong.add("%s: %d answers to %d".formatted(line, heard.answers().size(), clients));
    }
    heard.answers().stream()
        .filter(answer -> !answer.equals(expected(line)))
        .distinct()
        .forEach(answer -> wrong.add(line + ": " + answer));
  }
}
