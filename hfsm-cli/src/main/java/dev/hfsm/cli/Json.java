package dev.hfsm.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hfsm.Explanation;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the ledger's values look in JSON. */
final class Json {

  private Json() {}

  static void asset(JsonGenerator json, AssetRow row) {
    try {
      json.writeStartObject();
      assetFields(json, row);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void explanation(JsonGenerator json, Explanation all) throws IOException {
    assetFields(json, all.asset());
    json.writeArrayFieldStart("history");
    for (HistoryEntry entry : all.history()) {
      history(json, entry);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("variants");
    for (VariantRow variant : all.variants()) {
      variant(json, variant);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("work");
    for (WorkRow work : all.work()) {
      work(json, work);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("references");
    for (var reference : all.references()) {
      json.writeString(reference.name().text());
    }
    json.writeEndArray();
  }

  private static void assetFields(JsonGenerator json, AssetRow row) throws IOException {
    json.writeStringField("id", row.id().toString());
    json.writeStringField("state", row.state().name());
    json.writeNumberField("bytes", row.size());
    json.writeNumberField("uploads", row.uploads());
    json.writeStringField("admittedAt", row.admittedAt().toString());
    json.writeObjectFieldStart("facts");
    facts(json, row.facts());
    json.writeEndObject();
  }

  private static void facts(JsonGenerator json, Facts facts) {
    facts.forEach(
        (fact, value) -> {
          try {
            if (value instanceof Integer number) {
              json.writeNumberField(fact.name(), number);
            } else if (value instanceof Boolean truth) {
              json.writeBooleanField(fact.name(), truth);
            } else {
              json.writeStringField(fact.name(), value.toString());
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void history(JsonGenerator json, HistoryEntry entry) throws IOException {
    json.writeStartObject();
    text(json, "from", entry.from());
    text(json, "to", entry.to());
    text(json, "cause", entry.event());
    text(json, "detail", entry.detail());
    text(json, "worker", entry.worker());
    json.writeNumberField("attempt", entry.attempt());
    text(json, "at", entry.at());
    json.writeEndObject();
  }

  private static void variant(JsonGenerator json, VariantRow variant) throws IOException {
    json.writeStartObject();
    text(json, "key", variant.key());
    text(json, "transformation", variant.transformation());
    text(json, "transformer", variant.transformer());
    text(json, "state", variant.state());
    VariantContent content = variant.content();
    if (content != null) {
      json.writeNumberField("bytes", content.blob().size());
      text(json, "mediaType", content.type());
      json.writeNumberField("width", content.width());
      json.writeNumberField("height", content.height());
      json.writeNumberField("millis", content.cost().toMillis());
    }
    if (variant.failure() != null) {
      text(json, "failure", variant.failure().message());
      text(json, "retryAfter", variant.retryAfter());
    }
    json.writeEndObject();
  }

  private static void work(JsonGenerator json, WorkRow work) throws IOException {
    json.writeStartObject();
    text(json, "subject", work.subject());
    json.writeBooleanField("dead", work.dead());
    json.writeNumberField("attempts", work.attempts());
    text(json, "due", work.due());
    text(json, "worker", work.worker());
    text(json, "failure", work.failure() == null ? null : work.failure().message());
    json.writeEndObject();
  }

  static void text(JsonGenerator json, String name, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, Objects.toString(value));
    }
  }
}
