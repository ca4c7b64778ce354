package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Page;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A ledger and what the cases do with it, in the words of the cases. */
final class LedgerScene {

  static final Duration LEASE = Duration.ofMinutes(1);
  static final Set<WorkKind> ALL_KINDS = EnumSet.allOf(WorkKind.class);
  static final TransformerId TRANSFORMER = new TransformerId("tck", 1);
  static final long SIZE = 1000;

  private static final int MORE_PAGES_THAN_ANY_CASE_HAS = 500;

  final AssetLedger ledger;
  private final Consumer<Duration> elapse;
  private final UnaryOperator<AssetLedger> anotherHandle;
  private final AtomicLong salt = new AtomicLong();

  LedgerScene(
      AssetLedger ledger, Consumer<Duration> elapse, UnaryOperator<AssetLedger> anotherHandle) {
    this.ledger = ledger;
    this.elapse = elapse;
    this.anotherHandle = anotherHandle;
  }

  /** What another node over the same ledger sees. */
  <T> T seenByAnother(Function<AssetLedger, T> look) {
    AssetLedger another = anotherHandle.apply(ledger);
    try {
      return look.apply(another);
    } finally {
      if (another != ledger) {
        another.close();
      }
    }
  }

  // Names

  static AssetId asset(String content) {
    return AssetId.of(digest(content));
  }

  static AssetId asset(String scope, String content) {
    return new AssetId(Scope.of(scope), digest(content));
  }

  static Digest digest(String content) {
    return Digest.ofContent(content.getBytes(StandardCharsets.UTF_8));
  }

  /** Assets whose order of digest is the opposite of the order in the list. */
  static List<AssetId> assetsAgainstTheirOrder(int number) {
    return Stream.iterate(0, i -> i + 1)
        .limit(number)
        .map(i -> asset("asset " + i))
        .sorted((a, b) -> b.compareTo(a))
        .toList();
  }

  static ReferenceName name(String text) {
    return new ReferenceName(text);
  }

  static VariantKey variant(AssetId asset, String transformation) {
    return VariantKey.of(asset.digest(), transformation, TRANSFORMER);
  }

  static Subject derive(AssetId asset, String transformation) {
    return Subject.derive(asset, variant(asset, transformation));
  }

  static Failure failure(String code) {
    return new Failure(
        code, "what went wrong: " + code, true, Instant.ofEpochMilli(1_700_000_000_123L));
  }

  // Time

  Instant now() {
    return ledger.intake().find(asset("nothing but a question about time")).now();
  }

  void elapse(Duration time) {
    elapse.accept(time);
  }

  /** Checks that something happened on the ledger's clock between {@code before} and now. */
  void isNow(Instant actual, Instant before) {
    isIn(actual, before, Duration.ZERO);
  }

  /** Checks that a time is {@code ahead} of a moment between {@code before} and now. */
  void isIn(Instant actual, Instant before, Duration ahead) {
    assertThat(actual)
        .isBetween(
            Instant.ofEpochMilli(before.plus(ahead).toEpochMilli()),
            Instant.ofEpochMilli(now().plus(ahead).toEpochMilli() + 1));
  }

  // Intake

  StorageKey key(AssetId asset) {
    return key(asset, Duration.ZERO);
  }

  StorageKey key(AssetId asset, Duration age) {
    return StorageKey.raw(asset, new Stamp(now().minus(age), salt.incrementAndGet()));
  }

  Admission admission(AssetId asset, String name) {
    return new Admission(asset, SIZE, key(asset), name(name), Facts.NONE);
  }

  /** A new asset, claimed by a name of its own. */
  AssetRow admit(AssetId asset) {
    Admitted admitted = ledger.intake().admit(admission(asset, ownName(asset)));
    assertThat(admitted.outcome()).isEqualTo(Admitted.Outcome.CREATED);
    return row(asset);
  }

  static String ownName(AssetId asset) {
    return "name of " + asset;
  }

  Optional<AssetRow> retain(AssetId asset, String name) {
    return ledger.intake().retain(new Retention(asset, name(name), Retention.Cause.CLAIM));
  }

  /** Takes the name away that {@link #admit} gave. */
  void release(AssetId asset) {
    assertThat(ledger.intake().release(asset.scope(), name(ownName(asset)))).contains(asset);
  }

  VariantRow request(AssetId asset, String transformation) {
    return request(asset, transformation, 0);
  }

  VariantRow request(AssetId asset, String transformation, int priority) {
    return ledger
        .intake()
        .requestVariant(
            new VariantRequest(
                asset, variant(asset, transformation), transformation, TRANSFORMER, priority));
  }

  /** Asks for a variant that is to be made {@code delay} from now. */
  VariantRow request(AssetId asset, String transformation, int priority, Duration delay) {
    return ledger
        .intake()
        .requestVariant(
            new VariantRequest(
                asset,
                variant(asset, transformation),
                transformation,
                TRANSFORMER,
                priority,
                delay));
  }

  void used(AssetId asset, String transformation, long uses) {
    ledger.intake().used(List.of(new VariantUse(asset, variant(asset, transformation), uses)));
  }

  // Work

  List<Settled> settle(Settlement... settlements) {
    return ledger.work().settle(List.of(settlements));
  }

  static Settlement step(Claim claim, AssetEvent event) {
    return new Settlement.Step(claim.lease(), event, Facts.NONE);
  }

  Settlement rendered(Claim claim, String transformation) {
    return new Settlement.Rendered(claim.lease(), content(claim.asset().id(), transformation));
  }

  List<Claim> claimUpTo(int max) {
    return ledger.work().claim(ClaimRequest.due("worker", ALL_KINDS, max, LEASE));
  }

  List<Claim> tryClaim(Subject... subjects) {
    return ledger.work().claim(ClaimRequest.about("worker", List.of(subjects), LEASE));
  }

  Claim claim(Subject subject) {
    List<Claim> claims = tryClaim(subject);
    assertThat(claims).as("claims of %s", subject).hasSize(1);
    return claims.get(0);
  }

  Claim admitAndClaim(AssetId asset) {
    admit(asset);
    return claim(Subject.inspect(asset));
  }

  /** A new asset whose inspection is done. */
  AssetRow describe(AssetId asset) {
    return describe(asset, Facts.NONE);
  }

  AssetRow describe(AssetId asset, Facts facts) {
    Claim claim = admitAndClaim(asset);
    ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, facts);
    ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
    return row(asset);
  }

  /** A new asset that was refused. */
  void reject(AssetId asset, Facts facts) {
    ledger.work().advance(admitAndClaim(asset).lease(), AssetEvent.REFUSED, facts);
  }

  /** Requests a variant and claims its making. */
  Claim requestAndClaim(AssetId asset, String transformation) {
    request(asset, transformation);
    return claim(derive(asset, transformation));
  }

  void bury(Subject subject) {
    ledger.work().bury(claim(subject).lease(), failure("hopeless"));
  }

  VariantContent content(AssetId asset, String transformation) {
    return content(asset, transformation, Duration.ZERO);
  }

  VariantContent content(AssetId asset, String transformation, Duration keyAge) {
    Stamp stamp = new Stamp(now().minus(keyAge), salt.incrementAndGet());
    return content(
        StorageKey.variant(asset, variant(asset, transformation), stamp, "webp"), transformation);
  }

  static VariantContent content(StorageKey key, String bytes) {
    BlobRef blob = new BlobRef(digest(bytes), 77);
    return new VariantContent(key, blob, MediaType.WEBP, 320, 200, Duration.ofMillis(45));
  }

  /** Makes a variant from request to publication. */
  VariantContent publish(AssetId asset, String transformation) {
    Claim claim = requestAndClaim(asset, transformation);
    VariantContent content = content(asset, transformation);
    assertThat(ledger.work().publish(claim.lease(), content).outcome())
        .isEqualTo(Published.Outcome.PUBLISHED);
    return content;
  }

  /** Makes a variant of this size at this cost. */
  StorageKey publish(AssetId asset, String transformation, long size, Duration cost) {
    Claim claim = requestAndClaim(asset, transformation);
    StorageKey key = content(asset, transformation).key();
    BlobRef blob = new BlobRef(digest(transformation), size);
    ledger
        .work()
        .publish(claim.lease(), new VariantContent(key, blob, MediaType.WEBP, 320, 200, cost));
    return key;
  }

  /** Evicts a READY variant. */
  void evict(AssetId asset, String transformation) {
    StorageKey key = keyOf(asset, transformation);
    assertThat(ledger.collector().evict(List.of(key))).containsExactly(key);
  }

  // What is there

  /** Where a READY variant lies. */
  StorageKey keyOf(AssetId asset, String transformation) {
    VariantContent content = row(asset, transformation).content();
    assertThat(content).as("content of %s of %s", transformation, asset).isNotNull();
    return content.key();
  }

  AssetRow row(AssetId asset) {
    return ledger.reader().asset(asset).orElseThrow(() -> new AssertionError("no row: " + asset));
  }

  VariantRow row(AssetId asset, String transformation) {
    return ledger
        .reader()
        .variant(asset, variant(asset, transformation))
        .orElseThrow(() -> new AssertionError("no row: " + transformation + " of " + asset));
  }

  /** The one piece of work about a subject. */
  WorkRow work(Subject subject) {
    List<WorkRow> rows =
        ledger.operator().work(subject.asset()).stream()
            .filter(row -> row.subject().equals(subject))
            .toList();
    assertThat(rows).as("work about %s", subject).hasSize(1);
    return rows.get(0);
  }

  List<String> names(AssetId asset) {
    return ledger.reader().references(asset).stream()
        .map(Reference::name)
        .map(ReferenceName::text)
        .toList();
  }

  List<AssetEvent> events(AssetId asset) {
    return ledger.reader().history(asset).stream().map(HistoryEntry::event).toList();
  }

  HistoryEntry lastEntry(AssetId asset) {
    List<HistoryEntry> history = ledger.reader().history(asset);
    assertThat(history).isNotEmpty();
    return history.get(history.size() - 1);
  }

  /** Where garbage lies. */
  List<StorageKey> garbage(int limit) {
    return ledger.collector().garbage(limit).stream().map(Discarded::key).toList();
  }

  /** All there is to know about an asset, for the proof that nothing was written. */
  List<Object> everythingAbout(AssetId asset) {
    return List.of(
        ledger.reader().asset(asset),
        ledger.reader().variants(asset),
        ledger.operator().work(asset),
        ledger.reader().references(asset),
        ledger.reader().history(asset),
        Set.copyOf(ledger.collector().garbage(1000)));
  }

  /** Reads a scan to its end. */
  static <T> List<T> scan(Function<Cursor, Page<T>> pages) {
    return scan(pages, page -> {});
  }

  /** Reads a scan to its end, doing something after each page. */
  static <T> List<T> scan(Function<Cursor, Page<T>> pages, Consumer<Page<T>> afterEach) {
    List<T> items = new ArrayList<>();
    Cursor cursor = Cursor.START;
    for (int i = 0; i < MORE_PAGES_THAN_ANY_CASE_HAS; i++) {
      Page<T> page = pages.apply(cursor);
      items.addAll(page.items());
      afterEach.accept(page);
      if (page.next() == null) {
        return items;
      }
      cursor = page.next();
    }
    throw new AssertionError("the scan does not end; read so far: " + items.size());
  }
}
