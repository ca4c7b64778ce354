package dev.hfsm.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hfsm.Explanation;
import dev.hfsm.Preset;
import dev.hfsm.custody.Cleared;
import dev.hfsm.custody.EvictReport;
import dev.hfsm.custody.Finding;
import dev.hfsm.custody.PurgeReceipt;
import dev.hfsm.custody.Refusal;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.WorkKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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
    text(json, "visibility", row.visibility());
    text(json, "hold", row.hold());
    text(json, "damage", row.damage() == null ? null : row.damage().message());
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

  static void work(JsonGenerator json, WorkRow work) throws IOException {
    json.writeStartObject();
    text(json, "subject", work.subject());
    json.writeBooleanField("dead", work.dead());
    json.writeNumberField("attempts", work.attempts());
    text(json, "due", work.due());
    text(json, "worker", work.worker());
    text(json, "cause", work.failure() == null ? null : work.failure().code());
    text(json, "failure", work.failure() == null ? null : work.failure().message());
    json.writeEndObject();
  }

  static void finding(JsonGenerator json, Finding finding) throws IOException {
    json.writeStartObject();
    text(json, "kind", finding.kind());
    text(json, "id", finding.asset());
    text(json, "variant", finding.variant());
    text(json, "key", finding.key());
    text(json, "message", BucketSettings.named(finding.message()));
    json.writeEndObject();
  }

  static void cleared(JsonGenerator json, Cleared cleared) throws IOException {
    json.writeNumberField("objects", cleared.objects());
    json.writeNumberField("bytes", cleared.bytes());
    json.writeNumberField("failed", cleared.failed());
  }

  static void evicted(JsonGenerator json, @Nullable EvictReport evicted) throws IOException {
    if (evicted == null) {
      json.writeNullField("evicted");
      return;
    }
    json.writeObjectFieldStart("evicted");
    json.writeNumberField("budget", evicted.budget());
    json.writeNumberField("before", evicted.before());
    json.writeNumberField("variants", evicted.variants());
    json.writeNumberField("bytes", evicted.bytes());
    json.writeBooleanField("over", evicted.isOver());
    json.writeEndObject();
  }

  static void refusal(JsonGenerator json, @Nullable Refusal refusal) throws IOException {
    if (refusal == null) {
      json.writeNullField("refusal");
      return;
    }
    json.writeObjectFieldStart("refusal");
    text(json, "reason", refusal.reason());
    text(json, "expected", refusal.expected());
    text(json, "found", refusal.found());
    json.writeEndObject();
  }

  static void receipt(JsonGenerator json, PurgeReceipt receipt) throws IOException {
    text(json, "id", receipt.asset());
    text(json, "outcome", receipt.purged().outcome());
    text(json, "at", receipt.purged().at());
    texts(json, "references", receipt.purged().references());
    json.writeNumberField("variants", receipt.purged().variants());
    json.writeNumberField("work", receipt.purged().work());
    texts(json, "keys", receipt.purged().keys());
    json.writeNumberField("deleted", receipt.deleted());
    texts(json, "pending", receipt.pending());
    json.writeNumberField("cachesWithinSeconds", receipt.cachesWithin().toSeconds());
  }

  private static void texts(JsonGenerator json, String name, Collection<?> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Object value : values) {
      json.writeString(value.toString());
    }
    json.writeEndArray();
  }

  /** Which kinds of work are paused, as lines or as a document. */
  static void paused(Output output, Set<WorkKind> kinds) {
    output.line(kinds.isEmpty() ? "nothing is paused" : "paused: " + new TreeSet<>(kinds));
    output.document(json -> texts(json, "paused", new TreeSet<>(kinds)));
  }

  static void text(JsonGenerator json, String name, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, Objects.toString(value));
    }
  }

  static void preset(JsonGenerator json, Preset preset, AssetId asset, AssetUrls urls)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", preset.name());
    json.writeStringField("recipe", preset.recipe().canonical());
    json.writeStringField("url", urls.preset(asset, preset.name()));
    text(json, "srcset", preset.widths().isEmpty() ? null : urls.srcset(asset, preset.name()));
    json.writeEndObject();
  }
}
