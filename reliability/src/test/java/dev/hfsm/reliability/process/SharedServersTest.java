package dev.hfsm.reliability.process;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepReport;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.redis.RedisWorkQueue;
import dev.hfsm.reliability.Proof;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two whole nodes, each a JVM of its own, that share PostgreSQL, Redis and S3 and nothing else.
 * Both bring assets in and both work; Redis is emptied, and then one of the two is killed with work
 * in its hands and uploads under way.
 */
@Timeout(3600)
class SharedServersTest {

  /** A sweep deletes nothing younger. */
  private static final Duration A_DAY_AND_MORE = Stamp.SWEEP_WINDOW.plusHours(1);

  /** More than one node takes into its hands, so that the other gets some. */
  private static final int SLOW = 60;

  /** Uploads and pieces of work that a node has under way at most. */
  private static final int UNDER_WAY = 6;

  @TempDir Path folder;
  private final List<String> wrong = new ArrayList<>();

  /** A node and all it has said so far. */
  private static final class Speaker {

    final Child child;
    final List<String> said = new ArrayList<>();

    Speaker(Landscape landscape) {
      child = Child.start(SharingChild.class, landscape.arguments());
    }

    /** Waits until it has said such a line, unless it has before. */
    void until(Predicate<String> line) {
      hear();
      while (said.stream().noneMatch(line)) {
        said.add(child.next(Factory.PATIENCE));
      }
    }

    void until(String line) {
      until(line::equals);
    }

    void hear() {
      said.addAll(child.saidSoFar());
    }

    List<String> after(String beginning) {
      return said.stream()
          .filter(line -> line.startsWith(beginning))
          .map(line -> line.substring(beginning.length()))
          .toList();
    }

    /** The pieces of work it has begun, as often as it has. */
    List<String> steps() {
      return said.stream()
          .filter(l -> l.startsWith("INSPECT ") || l.startsWith("RENDER "))
          .toList();
    }
  }

  @Test
  void twoNodesThatShareAllServersDoEverythingOnceAndOneDoesWhatTheOtherLeaves() {
    Proof proof = Proof.of("e7", "two nodes share PostgreSQL, Redis and S3, one is killed");
    int count = Proof.inShortOrLong(60, 600);
    try (Redis redis = Redis.start();
        Bucket bucket = Bucket.create(folder.resolve("s3"))) {
      Landscape landscape =
          new Landscape(Site.create(Site.Kind.POSTGRESQL, folder), redis.uri(), bucket.endpoint());
      Speaker killed = new Speaker(landscape);
      Speaker left = new Speaker(landscape);
      try (Node node = landscape.node(6);
          Child one = killed.child;
          Child two = left.child) {
        Audit audit = new Audit(node);
        List.of(killed, left).forEach(speaker -> speaker.until("ready"));
        together(killed, left, redis, count);
        moreUntilBothHadAShare(killed, left);
        wrong.addAll(audit.stranded(Factory.PATIENCE));
        onceSoFar(killed, left);
        killInTheMiddle(landscape, killed, left, count);
        wrong.addAll(audit.stranded(Factory.PATIENCE));
        two.exit(end(left));
        int variants = nothingIsLostOrDoubled(audit, node, killed, left);
        int orphans = swept(audit, node);
        proof
            .ran("%d assets, brought in by both, and %d variants", audit.assets().size(), variants)
            .ran("%d and %d pieces of work begun", killed.steps().size(), left.steps().size())
            .ran("%d of them by both, for the kill", twice(killed, left).size())
            .ran("%d objects left by the kill, and one put beside them, swept", orphans);
      }
    }
    proof.violated(wrong.size()).write();
    assertThat(wrong).isEmpty();
  }

  private static Duration end(Speaker left) {
    left.child.say("end");
    return Factory.PATIENCE;
  }

  /** Both bring in what is theirs alone and what the other brings in too; Redis loses all. */
  private void together(Speaker one, Speaker two, Redis redis, int count) {
    one.child.say("bring one " + count);
    two.child.say("bring two " + count);
    List.of(one, two).forEach(speaker -> speaker.child.say("bring both " + count));
    one.until("brought one");
    redis.flush();
    two.until("brought two");
    redis.flush();
    List.of(one, two).forEach(speaker -> speaker.until("brought both"));
    redis.flush();
  }

  /** One that stood still all the time has done nothing yet. */
  private static void moreUntilBothHadAShare(Speaker one, Speaker two) {
    long deadline = System.nanoTime() + Factory.PATIENCE.toNanos();
    for (int round = 0; System.nanoTime() < deadline; round++) {
      List.of(one, two).forEach(Speaker::hear);
      if (!one.steps().isEmpty() && !two.steps().isEmpty()) {
        return;
      }
      String more = "more" + round;
      one.child.say("bring " + more + " 1");
      one.until("brought " + more);
    }
  }

  private void onceSoFar(Speaker... speakers) {
    List.of(speakers).forEach(Speaker::hear);
    counted(Stream.of(speakers).flatMap(speaker -> speaker.steps().stream()))
        .forEach((step, times) -> expect(times == 1, step + " was done " + times + " times"));
    Map<String, Long> created =
        counted(
            Stream.of(speakers)
                .flatMap(speaker -> speaker.after("ack ").stream())
                .filter(ack -> ack.endsWith(" CREATED")));
    created.forEach((ack, times) -> expect(times == 1, ack + " was said " + times + " times"));
    Set<String> acknowledged = acknowledged(speakers);
    expect(
        created.size() == acknowledged.size(),
        created.size() + " assets were created, " + acknowledged.size() + " acknowledged");
    for (Speaker speaker : speakers) {
      expect(!speaker.steps().isEmpty(), "one of the two did nothing");
    }
  }

  private static Set<String> acknowledged(Speaker... speakers) {
    Set<String> ids = new HashSet<>();
    for (Speaker speaker : speakers) {
      speaker.after("ack ").forEach(ack -> ids.add(ack.substring(0, ack.indexOf(' '))));
    }
    return ids;
  }

  private static Map<String, Long> counted(Stream<String> lines) {
    return lines.collect(groupingBy(line -> line, counting()));
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }

  /**
   * Asks for slow variants until each hand of the node to be killed holds one, lets it bring in
   * more meanwhile, and kills it.
   */
  private void killInTheMiddle(Landscape landscape, Speaker killed, Speaker left, int count) {
    try (Node node = landscape.node(4);
        RedisWorkQueue queue = landscape.queue();
        AssetPipeline asking = node.pipeline().queue(queue).transformer(new Toys()).build()) {
      List<AssetId> slow =
          IntStream.range(0, SLOW)
              .mapToObj(i -> asking.ingest(Upload.of(Toys.toy("slow " + i))).id())
              .toList();
      slow.forEach(id -> asking.awaitInspected(id, Factory.PATIENCE));
      left.child.say("bring late " + count);
      killed.child.say("bring later " + count);
      for (AssetId id : slow) {
        Factory.want(asking, id);
      }
      killed.until(line -> line.startsWith("in slow"));
      killed.child.kill();
      killed.said.addAll(killed.child.rest());
    }
    left.child.say("go");
    left.until("brought late");
  }

  /** What both began. */
  private static List<String> twice(Speaker one, Speaker two) {
    return one.steps().stream().filter(new HashSet<>(two.steps())::contains).toList();
  }

  /** How many variants there are. */
  private int nothingIsLostOrDoubled(Audit audit, Node node, Speaker killed, Speaker left) {
    left.said.addAll(left.child.rest());
    wrong.addAll(audit.lost(acknowledged(killed, left).stream().map(AssetId::parse).toList()));
    wrong.addAll(audit.rowsWithoutBytes());
    for (Speaker speaker : List.of(killed, left)) {
      counted(speaker.steps().stream())
          .forEach((step, times) -> expect(times == 1, step + " " + times + " times by one node"));
      wrong.addAll(speaker.after("refused ").stream().map(key -> "refused: " + key).toList());
    }
    List<String> twice = twice(killed, left);
    expect(
        twice.stream().anyMatch(step -> step.startsWith("RENDER slow")),
        "expected work in the hands of the killed to be done by the other, found " + twice);
    expect(twice.size() <= UNDER_WAY, "more was done twice than was under way: " + twice);
    Set<String> published = new HashSet<>(killed.after("published "));
    published.addAll(left.after("published "));
    int count = 0;
    for (AssetRow row : audit.assets()) {
      List<VariantRow> variants = node.ledger().reader().variants(row.id());
      count += variants.size();
      expect(variants.size() <= 1, row.id() + " has variants " + variants);
      for (VariantRow variant : variants) {
        VariantContent content = variant.content();
        expect(content != null, variant.key() + " is not there");
        published.remove(content == null ? "" : content.key().text());
      }
      List<HistoryEntry> history = node.ledger().reader().history(row.id());
      expect(
          history.stream().map(HistoryEntry::event).distinct().count() == history.size(),
          row.id() + " did something twice: " + history);
    }
    published.forEach(key -> wrong.add(key + " was published, and the ledger names another"));
    return count;
  }

  /** How many objects the kill has left; afterwards there is nothing that no row names. */
  private int swept(Audit audit, Node node) {
    int found = audit.orphans().size();
    expect(found <= UNDER_WAY, found + " objects were left by one kill");
    byte[] bytes = Toys.toy("put, and killed before it was admitted");
    BlobRef blob = new BlobRef(Digest.ofContent(bytes), bytes.length);
    node.blobs()
        .put(
            StorageKey.raw(AssetId.of(blob.digest()), new Stamp(Instant.now(), 1)),
            blob,
            ByteSource.of(bytes));
    try (AssetPipeline later =
        node.pipeline(LaterLedger.over(node.ledger(), A_DAY_AND_MORE), Node.LEASE)
            .transformer(new Toys())
            .build()) {
      SweepReport report =
          later
              .maintenance()
              .sweep(new SweepOptions(Mode.REAL, SweepOptions.Allowance.BOUNDED), key -> {});
      expect(report.deleted() == found + 1, "swept: " + report);
    }
    audit.orphans().forEach(key -> wrong.add("left after the sweep: " + key));
    wrong.addAll(audit.rowsWithoutBytes());
    return found;
  }
}
