package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BatchDelete;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ServerCopy;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What capabilities promise; a store that does not offer one has nothing to prove. */
abstract class BlobCapabilityCases extends BlobListCases {

  private static final StorageKey FROM = new StorageKey("raw/01/23/from-1");
  private static final StorageKey TO = new StorageKey("raw/01/23/to-1");

  @Test
  void aServerCopyHoldsTheBytesOfItsSource() throws IOException {
    if (store.capability(ServerCopy.class).isPresent()) {
      for (int size : new int[] {0, 1, 200_000}) {
        StorageKey from = key("raw/from-" + size);
        Content content = Content.ofSize(size);
        put(from, content);
        copy(from, key("raw/to-" + size), content.ref());
        assertHolds(key("raw/to-" + size), content);
        assertHolds(from, content);
      }
    }
  }

  @Test
  void aServerCopyOfOtherBytesThanExpectedStoresNothing() throws IOException {
    if (store.capability(ServerCopy.class).isPresent()) {
      Content content = Content.ofSize(50_000);
      put(FROM, content);
      BlobRef otherBytes = new BlobRef(Digest.ofContent(new byte[] {1}), 50_000);
      BlobRef otherSize = new BlobRef(content.ref().digest(), 49_999);
      for (BlobRef wrong : List.of(otherBytes, otherSize)) {
        assertThatThrownBy(() -> copy(FROM, TO, wrong))
            .as("a copy that is to be %s", wrong)
            .isInstanceOf(IntegrityException.class);
        assertAbsent(TO);
      }
      assertHolds(FROM, content);
    }
  }

  @Test
  void aServerCopyOfAnAbsentBlobSaysSo() {
    if (store.capability(ServerCopy.class).isPresent()) {
      assertThatThrownBy(() -> copy(FROM, TO, Content.ofSize(5).ref()))
          .isInstanceOf(BlobNotFoundException.class);
      assertAbsent(TO);
    }
  }

  private void copy(StorageKey from, StorageKey to, BlobRef expected) {
    store.capability(ServerCopy.class).orElseThrow().copy(from, to, expected);
  }

  @Test
  void aBatchDeleteTakesAllItsBlobsAwayAndNoOther() {
    if (store.capability(BatchDelete.class).isPresent()) {
      put("raw/a-1", "raw/a-10", "raw/a-2", "raw/b/1", "var/1");
      List<StorageKey> some = List.of(key("raw/a-1"), key("raw/never"), key("raw/b/1"));
      BatchDelete batch = store.capability(BatchDelete.class).orElseThrow();
      assertThat(batch.deleteAll(some)).as("what could not be deleted").isEmpty();
      assertThat(scan("", 10)).containsExactly("raw/a-10", "raw/a-2", "var/1");
      assertThat(batch.deleteAll(some)).as("deleted once more").isEmpty();
      assertThat(batch.deleteAll(List.of())).as("nothing to delete").isEmpty();
    }
  }
}
