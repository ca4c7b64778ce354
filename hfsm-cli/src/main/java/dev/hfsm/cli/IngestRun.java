package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One ingest of many files: gives each exactly one answer. */
final class IngestRun {

  /** Longer than one inspection may take, so that a slow one is told from one that hangs. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final AssetPipeline pipeline;
  private final IngestReport report;
  private final Progress progress;
  private final @Nullable Visibility visibility;
  private final Deque<Pending> pending = new ArrayDeque<>();

  private record Pending(int number, Path path, Ingested ingested) {}

  /**
   * @param visibility what the uploads say, or null
   */
  IngestRun(
      AssetPipeline pipeline,
      IngestReport report,
      Progress progress,
      @Nullable Visibility visibility) {
    this.pipeline = pipeline;
    this.report = report;
    this.progress = progress;
    this.visibility = visibility;
  }

  void ingest(Inputs inputs) {
    int number = 0;
    for (Inputs.Unreadable u : inputs.unreadable()) {
      answer(number++, Answer.none(u.path(), Answer.Outcome.FAILED, u.reason()));
    }
    for (Path file : inputs.files()) {
      ingest(number++, file);
      while (!pending.isEmpty() && isInspected(pending.element())) {
        settle(pending.remove());
      }
    }
  }

  private void ingest(int number, Path file) {
    try {
      Ingested ingested = pipeline.ingest(upload(file));
      progress.read(ingested.size());
      pending.add(new Pending(number, file, ingested));
    } catch (LimitExceededException | RejectedMediaException e) {
      answer(number, Answer.none(file, Answer.Outcome.REJECTED, e.getMessage()));
    } catch (HfsmException e) {
      answer(number, Answer.none(file, Answer.Outcome.FAILED, Complaints.reason(e)));
    }
  }

  private Upload upload(Path file) {
    Upload upload = file.equals(Inputs.STANDARD_INPUT) ? Upload.of(System.in) : Upload.of(file);
    return visibility == null ? upload : upload.visibility(visibility);
  }

  private boolean isInspected(Pending p) {
    return pipeline.find(p.ingested().id()).filter(row -> row.state().isBeingInspected()).isEmpty();
  }

  /** Waits for each file's inspection; when one hangs, the others get no patience of their own. */
  void awaitInspections() {
    Duration patience = PATIENCE;
    while (!pending.isEmpty()) {
      progress.waiting(pending.size());
      Pending next = pending.remove();
      try {
        pipeline.awaitInspected(next.ingested().id(), patience);
        settle(next);
      } catch (VariantPendingException e) {
        patience = Duration.ZERO;
        answer(next.number(), unfinished(next));
      } catch (HfsmException e) {
        answer(
            next.number(), Answer.none(next.path(), Answer.Outcome.FAILED, Complaints.reason(e)));
      }
    }
  }

  private Answer unfinished(Pending p) {
    Ingested ingested = p.ingested();
    String why =
        lastFailure(ingested)
            .map(f -> "kept, but not inspected yet; the last attempt said: " + f)
            .orElse("kept, but not inspected yet");
    long stored = ingested.outcome() == Ingested.Outcome.CREATED ? ingested.size() : 0;
    return new Answer(
        p.path(),
        ingested.id().toString(),
        Answer.Outcome.FAILED,
        AssetState.INGESTED.name(),
        why,
        ingested.size(),
        stored);
  }

  private Optional<String> lastFailure(Ingested ingested) {
    return pipeline.explain(ingested.id()).work().stream()
        .map(WorkRow::failure)
        .filter(Objects::nonNull)
        .map(Failure::message)
        .findFirst();
  }

  /** Gives what is still pending its answer as it stands. */
  void settleAll() {
    while (!pending.isEmpty()) {
      settle(pending.remove());
    }
  }

  private void settle(Pending p) {
    Ingested ingested = p.ingested();
    AssetState state = pipeline.find(ingested.id()).map(AssetRow::state).orElse(ingested.state());
    Answer.Outcome outcome =
        switch (state) {
          case REJECTED -> Answer.Outcome.REJECTED;
          case FAILED -> Answer.Outcome.FAILED;
          default ->
              ingested.outcome() == Ingested.Outcome.CREATED
                  ? Answer.Outcome.CREATED
                  : Answer.Outcome.DUPLICATE;
        };
    long stored = ingested.outcome() == Ingested.Outcome.CREATED ? ingested.size() : 0;
    answer(
        p.number(),
        new Answer(
            p.path(),
            ingested.id().toString(),
            outcome,
            state.name(),
            reason(outcome, ingested),
            ingested.size(),
            stored));
  }

  private @Nullable String reason(Answer.Outcome outcome, Ingested ingested) {
    return switch (outcome) {
      case REJECTED ->
          pipeline
              .find(ingested.id())
              .flatMap(row -> row.facts().get(Fact.REJECTION))
              .orElse("no reason was recorded");
      case FAILED -> lastFailure(ingested).orElse("could not be inspected");
      case CREATED, DUPLICATE -> null;
    };
  }

  private void answer(int number, Answer answer) {
    report.add(number, answer);
    progress.answered(answer);
  }
}
