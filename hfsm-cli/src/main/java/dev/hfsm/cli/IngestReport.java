package dev.hfsm.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** The answers of an ingest in the order of its inputs, and what they add up to. */
final class IngestReport {

  private final SortedMap<Integer, Answer> answers = new TreeMap<>();

  void add(int number, Answer answer) {
    answers.put(number, answer);
  }

  private long count(Answer.Outcome outcome) {
    return answers.values().stream().filter(a -> a.outcome() == outcome).count();
  }

  private long sum(ToLongFunction<Answer> bytes) {
    return answers.values().stream().mapToLong(bytes).sum();
  }

  /** Prints the sums, and in JSON every answer. */
  void print(Output output, Duration took) {
    double seconds = took.toMillis() / 1000.0;
    output.line(
        String.format(
            Locale.ROOT,
            "%s: %d created, %s, %d rejected, %d failed; read %s, stored %s in %.1f s",
            Text.count(answers.size(), "file"),
            count(Answer.Outcome.CREATED),
            Text.count(count(Answer.Outcome.DUPLICATE), "duplicate"),
            count(Answer.Outcome.REJECTED),
            count(Answer.Outcome.FAILED),
            Text.bytes(sum(Answer::read)),
            Text.bytes(sum(Answer::stored)),
            seconds));
    output.document(
        json -> {
          json.writeNumberField("files", answers.size());
          for (Answer.Outcome outcome : Answer.Outcome.values()) {
            String name = outcome == Answer.Outcome.DUPLICATE ? "duplicates" : outcome.word();
            json.writeNumberField(name, count(outcome));
          }
          json.writeNumberField("bytesRead", sum(Answer::read));
          json.writeNumberField("bytesStored", sum(Answer::stored));
          json.writeNumberField("seconds", seconds);
          json.writeArrayFieldStart("assets");
          for (Answer answer : answers.values()) {
            answer.write(json);
          }
          json.writeEndArray();
        });
  }

  int exitCode() {
    if (count(Answer.Outcome.FAILED) > 0) {
      return Hfsm.WRONG;
    }
    return count(Answer.Outcome.REJECTED) > 0 ? Hfsm.SOME_REJECTED : Hfsm.DONE;
  }
}
