package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the cases of {@link BlobStoreContract} have in common. */
abstract class BlobStoreFixture {

  /** More pages than any scan of the suite can need. */
  private static final int PAGES = 500;

  BlobStore store;

  /**
   * A store that is fresh and empty. It is closed after the case.
   *
   * @throws Exception if the store cannot be set up; the case fails then
   */
  protected abstract BlobStore newStore() throws Exception;

  @BeforeEach
  final void openStore() throws Exception {
    store = newStore();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  static StorageKey key(String text) {
    return new StorageKey(text);
  }

  final void put(StorageKey key, Content content) {
    store.put(key, content.ref(), content.source());
  }

  final void put(String... keys) {
    for (String key : keys) {
      put(key(key), Content.ofSize(3));
    }
  }

  final byte[] read(StorageKey key, ByteRange range) throws IOException {
    try (InputStream in = store.open(key, range)) {
      return in.readAllBytes();
    }
  }

  final void assertHolds(StorageKey key, Content content) throws IOException {
    assertThat(read(key, ByteRange.ALL)).as("bytes under %s", key).isEqualTo(content.bytes());
  }

  final void assertAbsent(StorageKey key) {
    assertThat(store.stat(key)).as("stat of %s, which must not be there", key).isEmpty();
    assertThatThrownBy(() -> read(key, ByteRange.ALL))
        .as("opening %s, which must not be there", key)
        .isInstanceOf(BlobNotFoundException.class);
    assertThat(scan("", 1000)).as("listed keys").doesNotContain(key.text());
  }

  /** All keys with a prefix, page by page. */
  final List<String> scan(String prefix, int limit) {
    return scanFrom(Cursor.START, prefix, limit);
  }

  final List<String> scanFrom(Cursor start, String prefix, int limit) {
    List<String> keys = new ArrayList<>();
    Cursor cursor = start;
    for (int pages = 0; cursor != null; pages++) {
      assertThat(pages).as("pages of %s keys; the scan must end", limit).isLessThan(PAGES);
      Page<StorageKey> page = store.list(prefix, cursor, limit);
      assertThat(page.items()).as("keys of one page").hasSizeLessThanOrEqualTo(limit);
      page.items().forEach(key -> keys.add(key.text()));
      cursor = page.next();
    }
    return keys;
  }
}
