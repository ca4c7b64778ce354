package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.OverloadedException;
import dev.hfsm.internal.work.WaitingRoom.Place;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Subject;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How long a variant that nobody waits for any more takes up room, by a clock the test moves; and
 * for how long bytes are shown that are not kept.
 */
class WaitingRoomTest {

  private static final Digest DIGEST = Digest.ofContent("a".getBytes(StandardCharsets.UTF_8));
  private static final TransformerId TRANSFORMER = new TransformerId("toy", 1);
  private static final long FORGOTTEN = WaitingRoom.FORGOTTEN.toNanos();

  // Where a clock of nanoseconds can stand: its values may run over.
  private long now = Long.MAX_VALUE - 5;
  private final WaitingRoom room = new WaitingRoom(1, 10, () -> now);

  private static Subject wide(int width) {
    VariantKey key = VariantKey.of(DIGEST, "w=" + width, TRANSFORMER);
    return Subject.derive(AssetId.of(DIGEST), key);
  }

  /** Somebody who waits for a variant and has asked for it. */
  private Place waiting(Subject subject) {
    Place place = room.place();
    place.join(List.of(subject));
    place.asked();
    return place;
  }

  private void isFull() {
    Place place = room.place();
    assertThatThrownBy(() -> place.join(List.of(wide(9))))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("1 variants are waited for");
    place.close();
  }

  private void hasRoom() {
    Place place = room.place();
    assertThat(place.join(List.of(wide(9)))).containsExactly(wide(9));
    place.close();
  }

  @Test
  void patienceThatRunsOutLeavesTheRoomTakenForAWhile() {
    waiting(wide(1)).close();
    now += FORGOTTEN;
    isFull();
    assertThat(room.variants()).isEqualTo(1);
    now += 1;
    hasRoom();
  }

  @Test
  void theWhileBeginsWhenTheLastOneLeaves() {
    Place first = waiting(wide(1));
    Place second = waiting(wide(1));
    first.close();
    now += FORGOTTEN;
    second.close();
    now += FORGOTTEN;
    isFull();
    now += 1;
    hasRoom();
  }

  @Test
  void whatSomebodyWaitsForIsNotForgotten() {
    Place patient = waiting(wide(1));
    now += 10 * FORGOTTEN;
    isFull();
    patient.close();
  }

  @Test
  void whoComesBackInTimeFindsWhatWasAskedFor() {
    waiting(wide(1)).close();
    now += FORGOTTEN;
    Place back = room.place();
    assertThat(back.join(List.of(wide(1)))).as("to be asked for").isEmpty();
    now += FORGOTTEN;
    isFull();
    back.close();
  }

  @Test
  void workThatEndsFreesTheRoomAtOnce() {
    waiting(wide(1)).close();
    room.ended(wide(1));
    hasRoom();
  }

  @Test
  void whatWasNeverAskedForTakesUpNoRoom() {
    Place broken = room.place();
    broken.join(List.of(wide(1)));
    broken.close();
    assertThat(room.variants()).isZero();
    hasRoom();
  }

  /** What a thread makes of a variant. */
  private static FoundVariant madeOf(Subject subject) {
    byte[] bytes = {1, 2, 3};
    VariantKey key = Objects.requireNonNull(subject.variant());
    VariantContent content =
        new VariantContent(
            StorageKey.variant(subject.asset(), key, Stamp.of(Instant.EPOCH, new Random(1)), "jpg"),
            new BlobRef(Digest.ofContent(bytes), bytes.length),
            MediaType.JPEG,
            1,
            1,
            Duration.ZERO);
    VariantRow owed =
        new VariantRow(
            subject.asset(),
            key,
            "w=1",
            TRANSFORMER,
            VariantState.REQUESTED,
            null,
            null,
            null,
            Instant.EPOCH);
    return FoundVariant.made(owed.ready(content), bytes);
  }

  @Test
  void bytesAreShownFromWhenTheyAreMadeUntilTheirWorkHasEnded() {
    Place patient = waiting(wide(1));
    FoundVariant made = madeOf(wide(1));
    room.made(made, subject -> true);
    assertThat(patient.made(wide(1))).contains(made);
    room.ended(wide(1));
    assertThat(patient.made(wide(1))).isEmpty();
    patient.close();
  }

  @Test
  void bytesOfAThreadThatWasWrittenOffAreShownToNobodyOnceTheirWorkHasEnded() {
    Place patient = waiting(wide(1));
    room.ended(wide(1));
    room.made(madeOf(wide(1)), subject -> false);
    assertThat(patient.made(wide(1))).isEmpty();
    Place next = waiting(wide(1));
    assertThat(next.wasAtHand(wide(1))).isFalse();
    assertThat(next.made(wide(1))).isEmpty();
    next.close();
    patient.close();
  }
}
