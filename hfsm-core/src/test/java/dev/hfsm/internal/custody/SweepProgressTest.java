package dev.hfsm.internal.custody;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.internal.custody.SweepProgress.Pass;
import dev.hfsm.model.Cursor;
import org.junit.jupiter.api.Test;

class SweepProgressTest {

  @Test
  void whatWasNotedIsReadBackInEveryPass() {
    for (Pass pass : Pass.values()) {
      SweepProgress progress =
          new SweepProgress(pass, 1, 2, 3, 4, 5, 6, 7, 8, new Cursor("raw/00/11/x"));
      assertThat(SweepProgress.parse(progress.toString())).isEqualTo(progress);
    }
    assertThat(SweepProgress.parse(SweepProgress.START.toString())).isEqualTo(SweepProgress.START);
  }

  @Test
  void whatTheVersionBeforeNotedBeginsAnew() {
    assertThat(SweepProgress.parse("DELETE 9 0 3 1 5 0 raw/00/11/x"))
        .isEqualTo(SweepProgress.START);
  }
}
