package dev.hfsm.cli.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Explanation;
import dev.hfsm.Preset;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the page sees an asset: what it shows, and no more. Where a picture was taken is private; the
 * page learns only that the original says so.
 */
record AssetJson(AssetPipeline assets, AssetUrls urls) {

  /** For links to originals, for the eye only: the type comes from the bytes. */
  private static final Map<String, String> EXTENSIONS =
      Map.of(
          "image/jpeg",
          "jpg",
          "image/svg+xml",
          "svg",
          "text/plain",
          "txt",
          "video/mp4",
          "mp4",
          "audio/mpeg",
          "mp3");

  /** If this can be made of it, so can what the page offers. */
  private static final Transformation ANY = Transformation.image().width(320);

  void write(JsonGenerator json, Explanation all) throws IOException {
    AssetRow row = all.asset();
    Facts facts = row.facts();
    json.writeStringField("id", row.id().digest().hex());
    json.writeStringField("state", row.state().name());
    json.writeNumberField("bytes", row.size());
    json.writeNumberField("uploads", row.uploads());
    json.writeStringField("admittedAt", row.admittedAt().toString());
    text(json, "name", facts.get(Fact.FILE_NAME));
    text(json, "mediaType", facts.get(Fact.MEDIA_TYPE));
    number(json, "width", facts.get(Fact.UPRIGHT_WIDTH));
    number(json, "height", facts.get(Fact.UPRIGHT_HEIGHT));
    number(json, "frames", facts.get(Fact.FRAMES));
    text(json, "camera", camera(facts));
    text(json, "taken", facts.get(Fact.TAKEN));
    text(json, "colorProfile", facts.get(Fact.ICC_PROFILE));
    text(json, "color", facts.get(Fact.DOMINANT_COLOR));
    text(json, "blurHash", facts.get(Fact.BLUR_HASH));
    text(json, "samePixelsAs", facts.get(Fact.SAME_PIXELS_AS).map(id -> id.digest().hex()));
    text(json, "rejection", facts.get(Fact.REJECTION));
    json.writeBooleanField("makesVariants", assets.makes(row, ANY));
    json.writeBooleanField("saysWhere", facts.get(Fact.GPS).isPresent());
    text(json, "problem", problem(all));
    json.writeStringField("original", urls.original(row.id(), extension(facts)));
    steps(json, all);
    json.writeArrayFieldStart("variants");
    for (VariantRow variant : all.variants()) {
      variant(json, variant);
    }
    json.writeEndArray();
    json.writeStringField("visibility", row.visibility().name());
    presets(json, row);
  }

  /** What anybody may ask for of a public asset; of a private one, what would be. */
  private void presets(JsonGenerator json, AssetRow row) throws IOException {
    json.writeArrayFieldStart("presets");
    for (Preset preset : assets.presets()) {
      if (assets.makes(row, preset.recipe())) {
        json.writeStartObject();
        json.writeStringField("name", preset.name());
        json.writeStringField("recipe", preset.recipe().canonical());
        if (row.visibility() == Visibility.PUBLIC) {
          json.writeStringField("url", urls.preset(row.id(), preset.name()));
          if (!preset.widths().isEmpty()) {
            json.writeStringField("srcset", urls.srcset(row.id(), preset.name()));
          }
        }
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static Optional<String> camera(Facts facts) {
    String make = facts.get(Fact.MAKE).orElse("");
    String model = facts.get(Fact.MODEL).orElse("");
    String maker = make.split(" ", 2)[0];
    boolean said = model.regionMatches(true, 0, maker, 0, maker.length());
    return Optional.of((said ? model : make + " " + model).strip()).filter(name -> !name.isEmpty());
  }

  /** What its inspection failed with last. */
  private static Optional<String> problem(Explanation all) {
    return all.work().stream()
        .filter(work -> work.subject().kind() == dev.hfsm.model.WorkKind.INSPECT)
        .map(WorkRow::failure)
        .flatMap(Stream::ofNullable)
        .map(failure -> failure.message())
        .findFirst();
  }

  private static String extension(Facts facts) {
    String type = facts.get(Fact.MEDIA_TYPE).map(MediaType::text).orElse("");
    String subtype = type.substring(type.indexOf('/') + 1);
    String plain = subtype.matches("[a-z0-9]{1,12}") ? subtype : "bin";
    return EXTENSIONS.getOrDefault(type, plain);
  }

  /** Each state it was in, and how long after the first. */
  private static void steps(JsonGenerator json, Explanation all) throws IOException {
    json.writeArrayFieldStart("steps");
    Instant begin = null;
    for (HistoryEntry entry : all.history()) {
      begin = begin == null || entry.from() == null ? entry.at() : begin;
      json.writeStartObject();
      json.writeStringField("state", entry.to().name());
      json.writeNumberField("millis", Duration.between(begin, entry.at()).toMillis());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void variant(JsonGenerator json, VariantRow row) throws IOException {
    VariantContent content = row.content();
    if (content == null) {
      return;
    }
    Transformation recipe = Transformation.parse(row.transformation());
    json.writeStartObject();
    json.writeStringField("recipe", row.transformation());
    json.writeStringField("url", urls.variant(row.asset(), recipe));
    json.writeStringField("mediaType", content.type().text());
    json.writeNumberField("bytes", content.blob().size());
    json.writeNumberField("width", content.width());
    json.writeNumberField("height", content.height());
    json.writeNumberField("millis", content.cost().toNanos() / 1e6);
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, Optional<?> value) throws IOException {
    if (value.isPresent()) {
      json.writeStringField(name, value.get().toString());
    }
  }

  private static void number(JsonGenerator json, String name, Optional<Integer> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.get());
    }
  }
}
