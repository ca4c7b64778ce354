package dev.hfsm.cli.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Explanation;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.ledger.Visibility;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Takes a file as the body of a request, hashed while it comes in and never held as a whole. */
final class Uploads implements HttpHandler {

  private static final int LONGEST_NAME = 3000;

  private final AssetPipeline assets;
  private final AssetJson json;
  private final Kept kept;
  private final long maxBytes;
  private final @Nullable Visibility visibility;

  /**
   * @param visibility of what is uploaded; null for private, and what is there already as it is
   */
  Uploads(
      AssetPipeline assets,
      AssetJson json,
      Kept kept,
      long maxBytes,
      @Nullable Visibility visibility) {
    this.assets = assets;
    this.json = json;
    this.kept = kept;
    this.maxBytes = maxBytes;
    this.visibility = visibility;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    long length = announced(exchange.getRequestHeaders());
    if (length < 0) {
      Answers.problem(
          exchange, 411, "Expected a Content-Length: without one, half a file looks like a file");
      return;
    }
    if (length > maxBytes) {
      // The rest is not worth reading.
      exchange.getResponseHeaders().set("Connection", "close");
      Answers.problem(
          exchange,
          413,
          "The file is too large: expected at most %d bytes, found %d".formatted(maxBytes, length));
      return;
    }
    Upload upload = Upload.of(new WholeBody(exchange.getRequestBody(), length));
    String name = exchange.getRequestHeaders().getFirst("X-File-Name");
    if (name != null && name.length() <= LONGEST_NAME) {
      upload = upload.named(Query.decode(name));
    }
    upload = visibility == null ? upload : upload.visibility(visibility);
    Ingested ingested = assets.ingest(upload);
    if (ingested.outcome() == Ingested.Outcome.CREATED) {
      kept.add(ingested.id());
    }
    Explanation all = assets.explain(ingested.id());
    Answers.json(
        exchange,
        ingested.outcome() == Ingested.Outcome.CREATED ? 201 : 200,
        out -> {
          out.writeStringField("outcome", ingested.outcome().name().toLowerCase(Locale.ROOT));
          json.write(out, all);
        });
  }

  private static long announced(Headers headers) {
    String length = headers.getFirst("Content-Length");
    return length == null || !length.matches("[0-9]{1,18}") ? -1 : Long.parseLong(length);
  }
}
