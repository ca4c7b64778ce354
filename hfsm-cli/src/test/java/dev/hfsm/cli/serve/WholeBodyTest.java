package dev.hfsm.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Half of a body is not a body. */
class WholeBodyTest {

  private static InputStream body(int announced) {
    return new WholeBody(new ByteArrayInputStream(new byte[] {1, -1, 3}), announced);
  }

  @Test
  void aWholeOneIsReadToItsEnd() throws IOException {
    assertThat(body(3).readAllBytes()).containsExactly(1, -1, 3);
    InputStream byteByByte = body(3);
    assertThat(byteByByte.read()).isEqualTo(1);
    assertThat(byteByByte.read()).isEqualTo(255);
    assertThat(byteByByte.read()).isEqualTo(3);
    assertThat(byteByByte.read()).isEqualTo(-1);
  }

  @Test
  void oneThatBreaksOffInSilenceDoesNot() {
    assertThatThrownBy(() -> body(4).readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessage("expected 4 bytes, found 3");
  }
}
