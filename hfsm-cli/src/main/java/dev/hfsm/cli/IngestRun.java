package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One ingest of many files: gives each exactly one answer, and adds up. */
final class IngestRun {

  /** Longer than one inspection may take, so that a slow one is told from one that hangs. */
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private final AssetPipeline pipeline;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final List<Answer> answers = new ArrayList<>();
  private long bytesStored;

  private record Pending(Path path, Ingested ingested) {}

  IngestRun(AssetPipeline pipeline) {
    this.pipeline = pipeline;
  }

  void ingest(Inputs inputs, Progress progress) {
    inputs
        .unreadable()
        .forEach(
            u ->
                answer(
                    progress,
                    new Answer(u.path(), null, Answer.Outcome.FAILED, null, u.reason(), 0)));
    for (Path file : inputs.files()) {
      ingest(file, progress);
      while (!pending.isEmpty() && isInspected(pending.peek())) {
        settle(pending.poll(), progress);
      }
    }
  }

  private void ingest(Path file, Progress progress) {
    try {
      Ingested ingested = pipeline.ingest(upload(file));
      progress.read(ingested.size());
      if (ingested.outcome() == Ingested.Outcome.CREATED) {
        bytesStored += ingested.size();
      }
      pending.add(new Pending(file, ingested));
    } catch (LimitExceededException | RejectedMediaException e) {
      answer(progress, new Answer(file, null, Answer.Outcome.REJECTED, null, e.getMessage(), 0));
    } catch (HfsmException | IOException e) {
      answer(
          progress, new Answer(file, null, Answer.Outcome.FAILED, null, Complaints.reason(e), 0));
    }
  }

  private static Upload upload(Path file) throws IOException {
    return file.equals(Inputs.STANDARD_INPUT) ? Upload.of(System.in) : Upload.of(file);
  }

  private boolean isInspected(Pending p) {
    return pipeline.find(p.ingested().id()).filter(row -> row.state().isBeingInspected()).isEmpty();
  }

  /** Waits for each file's inspection. */
  void awaitInspections(Progress progress) {
    progress.waiting(pending.size());
    while (!pending.isEmpty()) {
      Pending next = pending.poll();
      try {
        pipeline.awaitInspected(next.ingested().id(), PATIENCE);
      } catch (VariantPendingException e) {
        // It has its answer all the same: still being inspected.
      } catch (HfsmException e) {
        answer(
            progress,
            new Answer(next.path(), null, Answer.Outcome.FAILED, null, e.getMessage(), 0));
        continue;
      }
      settle(next, progress);
      progress.waiting(pending.size());
    }
  }

  /** Gives what is still pending its answer as it stands. */
  void settleAll(Progress progress) {
    while (!pending.isEmpty()) {
      settle(pending.poll(), progress);
    }
  }

  private void settle(Pending p, Progress progress) {
    Ingested ingested = p.ingested();
    String id = ingested.id().toString();
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
    String reason =
        switch (outcome) {
          case REJECTED ->
              pipeline
                  .find(ingested.id())
                  .flatMap(row -> row.facts().get(Fact.REJECTION))
                  .orElse("no reason was recorded");
          case FAILED -> failure(ingested);
          default -> null;
        };
    answer(progress, new Answer(p.path(), id, outcome, state.name(), reason, ingested.size()));
  }

  private String failure(Ingested ingested) {
    return pipeline.explain(ingested.id()).work().stream()
        .filter(w -> w.failure() != null)
        .map(w -> w.failure().message())
        .findFirst()
        .orElse("could not be inspected");
  }

  private void answer(Progress progress, Answer answer) {
    answers.add(answer);
    progress.answered(answer);
  }

  /** Prints the sums, and in JSON every answer. */
  void report(Output output, Duration took) throws IOException {
    Map<Answer.Outcome, Long> counts = new EnumMap<>(Answer.Outcome.class);
    for (Answer.Outcome outcome : Answer.Outcome.values()) {
      counts.put(outcome, answers.stream().filter(a -> a.outcome() == outcome).count());
    }
    long bytesRead = answers.stream().mapToLong(Answer::bytes).sum();
    double seconds = took.toMillis() / 1000.0;
    output.line(
        String.format(
            Locale.ROOT,
            "%s: %d created, %d duplicates, %d rejected, %d failed; read %s, stored %s in %.1f s",
            Text.count(answers.size(), "file"),
            counts.get(Answer.Outcome.CREATED),
            counts.get(Answer.Outcome.DUPLICATE),
            counts.get(Answer.Outcome.REJECTED),
            counts.get(Answer.Outcome.FAILED),
            Text.bytes(bytesRead),
            Text.bytes(bytesStored),
            seconds));
    output.document(
        json -> {
          json.writeNumberField("files", answers.size());
          json.writeNumberField("created", counts.get(Answer.Outcome.CREATED));
          json.writeNumberField("duplicates", counts.get(Answer.Outcome.DUPLICATE));
          json.writeNumberField("rejected", counts.get(Answer.Outcome.REJECTED));
          json.writeNumberField("failed", counts.get(Answer.Outcome.FAILED));
          json.writeNumberField("bytesRead", bytesRead);
          json.writeNumberField("bytesStored", bytesStored);
          json.writeNumberField("seconds", seconds);
          json.writeArrayFieldStart("assets");
          for (Answer answer : answers) {
            answer.write(json);
          }
          json.writeEndArray();
        });
  }

  int exitCode() {
    if (answers.stream().anyMatch(a -> a.outcome() == Answer.Outcome.FAILED)) {
      return Hfsm.WRONG;
    }
    boolean rejected = answers.stream().anyMatch(a -> a.outcome() == Answer.Outcome.REJECTED);
    return rejected ? Hfsm.SOME_REJECTED : Hfsm.DONE;
  }
}
