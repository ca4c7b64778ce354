package dev.hfsm.cli;

/**
 * Shows how far an ingest is: a bar with rate and ETA on a terminal, a line for each file
 * elsewhere.
 */
final class Progress implements AutoCloseable {

  private final Output output;
  private final Bar bar;

  private Progress(Output output, Bar bar) {
    this.output = output;
    this.bar = bar;
  }

  static Progress over(Inputs inputs, Output output) {
    return new Progress(output, Bar.of("ingest", inputs.bytes()));
  }

  /** The bytes of one more file have been read. */
  void read(long bytes) {
    bar.step(bytes);
  }

  /** One more file has its answer. */
  void answered(Answer answer) {
    boolean good =
        answer.outcome() == Answer.Outcome.CREATED || answer.outcome() == Answer.Outcome.DUPLICATE;
    if (!bar.isShown() || !good) {
      output.line(answer.line());
    }
  }

  /** All bytes have been read; what follows is waiting. */
  void waiting(int inspections) {
    bar.message(" inspecting " + inspections);
  }

  @Override
  public void close() {
    bar.close();
  }
}
