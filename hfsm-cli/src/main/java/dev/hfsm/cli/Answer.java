package dev.hfsm.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file of an ingest.
 *
 * @param path the file
 * @param id its asset, or null if it has none
 * @param outcome in one word
 * @param state where the asset stands, or null
 * @param reason why it was rejected or failed, or null
 * @param read how many bytes were read
 * @param stored how many of them were stored
 */
record Answer(
    Path path,
    @Nullable String id,
    Outcome outcome,
    @Nullable String state,
    @Nullable String reason,
    long read,
    long stored) {

  /** Every file has exactly one. */
  enum Outcome {
    CREATED,
    DUPLICATE,
    REJECTED,
    FAILED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The answer for a file that has no asset. */
  static Answer none(Path path, Outcome outcome, @Nullable String reason) {
    return new Answer(path, null, outcome, null, reason, 0, 0);
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("path", path.toString());
    Json.text(json, "id", id);
    json.writeStringField("outcome", outcome.word());
    Json.text(json, "state", state);
    Json.text(json, "reason", reason);
    json.writeEndObject();
  }

  /** One line for people. */
  String line() {
    String shown = Text.line(path.toString());
    return switch (outcome) {
      case REJECTED, FAILED ->
          outcome.word() + "  " + shown + ": " + Text.line(String.valueOf(reason));
      case CREATED, DUPLICATE ->
          "%-9s  %s  %s".formatted(outcome.word(), id == null ? "" : id.substring(7, 19), shown);
    };
  }
}
