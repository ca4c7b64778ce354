package dev.hfsm.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import picocli.CommandLine;

/** Where answers go: lines or one JSON document on standard output, remarks on standard error. */
final class Output {

  /** Escapes make documents readable in whatever character set the terminal has. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  /** How answers are written. */
  enum Form {
    TEXT,
    JSON
  }

  private final PrintWriter out;
  private final PrintWriter err;
  private final Form form;

  Output(PrintWriter out, PrintWriter err, Form form) {
    this.out = out;
    this.err = err;
    this.form = form;
  }

  @FunctionalInterface
  interface Document {
    void write(JsonGenerator json) throws IOException;
  }

  boolean isJson() {
    return form == Form.JSON;
  }

  /** A line of the answer; nothing if the answer is JSON. */
  void line(String text) {
    if (form == Form.TEXT) {
      out.println(text);
      out.flush();
    }
  }

  /** Where to say what was written to a file: content and answer must not share standard output. */
  Output beside(Path file, CommandLine line) {
    if (!Destination.isStandardOutput(file)) {
      return this;
    }
    if (isJson()) {
      throw new CommandLine.ParameterException(
          line, "-o -: expected a file with --json, because both want standard output");
    }
    return new Output(err, err, form);
  }

  /** A remark, on standard error. */
  void remark(String text) {
    err.println(text);
    err.flush();
  }

  /** The answer as one JSON object; nothing if the answer is text. */
  void document(Document document) {
    if (form == Form.TEXT) {
      return;
    }
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      document.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println();
    out.flush();
  }
}
