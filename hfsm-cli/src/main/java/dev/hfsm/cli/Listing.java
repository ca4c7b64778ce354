package dev.hfsm.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An answer that names items while they come, so that a million of them take no memory, and ends
 * with sums.
 *
 * @param array name of the items in JSON
 * @param line an item as a line
 * @param item an item in JSON
 * @param <T> what is named
 */
record Listing<T>(String array, Function<T, String> line, Item<T> item) {

  /** Writes one item. */
  @FunctionalInterface
  interface Item<T> {
    void write(JsonGenerator json, T value) throws IOException;
  }

  /** Writes the fields that follow the items. */
  @FunctionalInterface
  interface Sums<R> {
    void write(JsonGenerator json, R report) throws IOException;
  }

  /** Items that are named by a text. */
  static <T> Listing<T> ofTexts(String array, String verb) {
    return new Listing<>(
        array, value -> verb + " " + value, (json, value) -> json.writeString(value.toString()));
  }

  /** Runs {@code work} and names what it names. */
  <R> R print(Output output, Function<Consumer<T>, R> work, Sums<R> sums) {
    if (!output.isJson()) {
      return work.apply(value -> output.line(line.apply(value)));
    }
    List<R> report = new ArrayList<>(1);
    output.document(
        json -> {
          json.writeArrayFieldStart(array);
          report.add(work.apply(value -> write(json, value)));
          json.writeEndArray();
          sums.write(json, report.get(0));
        });
    return report.get(0);
  }

  private void write(JsonGenerator json, T value) {
    try {
      item.write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
