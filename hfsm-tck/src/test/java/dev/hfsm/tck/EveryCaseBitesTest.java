package dev.hfsm.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class EveryCaseBitesTest {

  private final EveryCaseBites doubling = new EveryCaseBites(DoublingCases.class);

  @Test
  void aSuiteIsProvenWhenEveryCaseCatchesSomethingAndEverythingIsCaught() {
    doubling.passes((IntUnaryOperator) i -> 2 * i);
    doubling.bites(Map.of("square", op(i -> i * i), "constant", op(i -> i == 0 ? 7 : 2 * i)));
  }

  @Test
  void aSoundAdapterThatFailsIsReportedWithTheCase() {
    assertThatThrownBy(() -> doubling.passes(op(i -> i * i))).hasMessageContaining("doublesThree");
  }

  @Test
  void aBrokenAdapterThatIsNotCaughtIsReported() {
    assertThatThrownBy(() -> doubling.bites(Map.of("wrong only at 9", op(i -> i == 9 ? 0 : 2 * i))))
        .hasMessageContaining("no case catches")
        .hasMessageContaining("wrong only at 9");
  }

  @Test
  void aCaseThatCatchesNothingIsReported() {
    assertThatThrownBy(() -> doubling.bites(Map.of("square", op(i -> i * i))))
        .hasMessageContaining("catch no broken adapter")
        .hasMessageContaining("doublesZero");
  }

  @Test
  void aBrokenAdapterThatCannotDoAnythingIsReported() {
    assertThatThrownBy(() -> doubling.bites(Map.of("wreck", op(i -> -1))))
        .hasMessageContaining("fail nearly everything");
  }

  private static IntUnaryOperator op(IntUnaryOperator op) {
    return op;
  }

  @EveryCaseBites.ForEachAdapter
  static final class DoublingCases {

    private final IntUnaryOperator op = EveryCaseBites.underTest(IntUnaryOperator.class);

    @Test
    void doublesZero() {
      assertThat(op.applyAsInt(0)).isZero();
    }

    @Test
    void doublesThree() {
      assertThat(op.applyAsInt(3)).isEqualTo(6);
    }
  }
}
