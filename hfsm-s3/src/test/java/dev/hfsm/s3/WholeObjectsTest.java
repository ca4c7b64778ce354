package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The server of the tests shows of an object what S3 shows of it: all or nothing. */
class WholeObjectsTest {

  private static final String BUCKET = "bucket";
  private static final byte[] HALF = new byte[10_000];

  private final BlobStore store = new WholeObjects(new TransientNio2BlobStore());

  WholeObjectsTest() {
    store.createContainer(BUCKET);
  }

  private List<String> listed() {
    return store.list(BUCKET).contents().stream().map(S3Object::key).toList();
  }

  private void put(InputStream secondHalf) {
    store.putBlob(
        PutObjectRequest.builder().bucket(BUCKET).key("some/key").build(),
        new SequenceInputStream(new ByteArrayInputStream(HALF), secondHalf));
  }

  /** What comes after the half that is there. */
  private interface Rest {
    int read() throws IOException;
  }

  private static InputStream rest(Rest rest) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return rest.read();
      }
    };
  }

  @Test
  void anObjectThatIsBeingPutIsNotListedUnderAnyName() {
    List<String> meanwhile = new ArrayList<>();
    put(
        rest(
            () -> {
              meanwhile.addAll(listed());
              return -1;
            }));
    assertThat(meanwhile).isEmpty();
    assertThat(listed()).containsExactly("some/key");
  }

  @Test
  void ofABodyThatIsCutOffNothingIsLeft() {
    InputStream cut =
        rest(
            () -> {
              throw new EOFException("cut off");
            });
    assertThatThrownBy(() -> put(cut)).hasRootCauseInstanceOf(EOFException.class);
    assertThat(listed()).isEmpty();
  }
}
