package dev.hfsm.cli.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hfsm.AssetPipeline;
import dev.hfsm.CostLimits;
import dev.hfsm.CostLimits.Bound;
import dev.hfsm.Exhausted;
import dev.hfsm.ledger.Costs;
import dev.hfsm.model.Scope;
import java.io.IOException;
import java.time.Duration;

/**
 * What variants may cost and have cost, for the page. Nothing is written if there are no bounds.
 *
 * @param limits as the pipeline has them
 */
record Budgets(AssetPipeline assets, CostLimits limits) {

  private static final double NANOS = 1e9;

  void write(JsonGenerator json) throws IOException {
    CostLimits none = CostLimits.NONE;
    if (limits.equals(none)) {
      return;
    }
    Costs own = assets.costs(Scope.DEFAULT);
    Costs all = assets.costs();
    json.writeObjectFieldStart("budgets");
    json.writeStringField("beyond", limits.beyond().name());
    json.writeStringField("presets", limits.presets().name());
    json.writeArrayFieldStart("bounds");
    bound(json, Bound.SCOPE_CPU, own.cpu(), limits.scopeCpu(), none.scopeCpu());
    bound(json, Bound.TOTAL_CPU, all.cpu(), limits.totalCpu(), none.totalCpu());
    bound(json, Bound.SCOPE_BYTES, own.storedBytes(), limits.scopeBytes());
    bound(json, Bound.TOTAL_BYTES, all.storedBytes(), limits.totalBytes());
    json.writeEndArray();
    if (limits.recipes() != none.recipes()) {
      json.writeNumberField("recipes", limits.recipes());
    }
    json.writeArrayFieldStart("met");
    for (Exhausted one : assets.load().exhausted()) {
      json.writeStartObject();
      json.writeStringField("bound", one.bound().name());
      json.writeNumberField("times", one.times());
      json.writeStringField("at", one.at().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** In seconds. */
  private static void bound(
      JsonGenerator json, Bound bound, Duration used, Duration most, Duration none)
      throws IOException {
    if (!most.equals(none)) {
      json.writeStartObject();
      json.writeStringField("bound", bound.name());
      json.writeNumberField("used", used.toNanos() / NANOS);
      json.writeNumberField("most", most.toNanos() / NANOS);
      json.writeEndObject();
    }
  }

  private static void bound(JsonGenerator json, Bound bound, long used, long most)
      throws IOException {
    if (most != Long.MAX_VALUE) {
      json.writeStartObject();
      json.writeStringField("bound", bound.name());
      json.writeNumberField("used", used);
      json.writeNumberField("most", most);
      json.writeEndObject();
    }
  }
}
