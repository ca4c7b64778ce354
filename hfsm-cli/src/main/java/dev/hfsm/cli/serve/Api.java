package dev.hfsm.cli.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Explanation;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.MalformedTextException;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the page asks for:
 *
 * <pre>
 * POST /api/assets                          an upload: the body is the file
 * GET  /api/assets?after=PLACE&amp;limit=N      some of what is kept, and in which order
 * GET  /api/assets?ids=ID,ID                those of them that are there
 * GET  /api/assets/ID                       one
 * GET  /api/assets/ID/link?recipe=RECIPE    the URL of a variant; nothing is made
 * GET  /api/totals                          sums
 * </pre>
 */
final class Api implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final Pattern ASSET = Pattern.compile("/api/assets/([0-9a-f]{64})(/link)?");
  private static final int PAGE = 24;
  private static final int MOST = 100;

  private final AssetPipeline assets;
  private final AssetUrls urls;
  private final Savings savings;
  private final AssetJson json;
  private final Kept kept;
  private final Uploads uploads;
  private final long maxBytes;
  private final Budgets budgets;

  Api(AssetPipeline assets, AssetUrls urls, Savings savings, Site.Settings settings) {
    this.assets = assets;
    this.urls = urls;
    this.savings = savings;
    this.json = new AssetJson(assets, urls);
    this.kept = new Kept(assets, Kept.SORTED);
    this.uploads = new Uploads(assets, json, kept, settings.maxBytes(), settings.uploads());
    this.maxBytes = settings.maxBytes();
    this.budgets = new Budgets(assets, settings.costs());
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      route(exchange);
    } catch (BadRequest | MalformedTextException e) {
      Answers.problem(exchange, 400, String.valueOf(e.getMessage()));
    } catch (AssetGoneException e) {
      Answers.problem(exchange, 404, "There is no such asset");
    } catch (LimitExceededException e) {
      Answers.problem(exchange, e.retryable() ? 503 : 413, String.valueOf(e.getMessage()));
    } catch (IntegrityException e) {
      Answers.problem(exchange, 400, String.valueOf(e.getMessage()));
    } catch (HfsmException e) {
      LOG.warn("{}: {}", exchange.getRequestMethod(), e.toString());
      Answers.problem(
          exchange,
          e.retryable() ? 503 : 500,
          e.retryable() ? "Not available for the moment" : "Something went wrong");
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String method = exchange.getRequestMethod();
    Query query = Query.of(exchange.getRequestURI().getRawQuery());
    if (path.equals("/api/assets") && method.equals("POST")) {
      uploads.handle(exchange);
      return;
    }
    Matcher asset = ASSET.matcher(path);
    boolean one = asset.matches();
    if (!one && !path.equals("/api/assets") && !path.equals("/api/totals")) {
      Answers.problem(exchange, 404, "There is nothing here");
    } else if (!method.equals("GET")) {
      exchange.getResponseHeaders().set("Allow", path.equals("/api/assets") ? "GET, POST" : "GET");
      Answers.problem(exchange, 405, "This method does nothing here");
    } else if (path.equals("/api/totals")) {
      totals(exchange);
    } else if (!one) {
      list(exchange, query);
    } else if (asset.group(2) != null) {
      link(exchange, AssetId.of(new Digest(asset.group(1))), query);
    } else {
      Explanation all = assets.explain(AssetId.of(new Digest(asset.group(1))));
      Answers.json(exchange, 200, out -> json.write(out, all));
    }
  }

  private void list(HttpExchange exchange, Query query) throws IOException {
    Optional<String> ids = query.get("ids");
    if (ids.isPresent()) {
      List<AssetId> wanted = ids(ids.get());
      Answers.json(exchange, 200, out -> assets(out, wanted));
      return;
    }
    Kept.Shown shown = kept.page(query.get("after").orElse(""), limit(query));
    Answers.json(
        exchange,
        200,
        out -> {
          assets(out, shown.assets());
          out.writeStringField(
              "order", shown.order() == Kept.Order.NEWEST ? "newest" : "recent-then-digest");
          if (shown.next() != null) {
            out.writeStringField("next", shown.next());
          }
        });
  }

  private static List<AssetId> ids(String text) {
    List<String> ids = Arrays.asList(text.split(",", MOST + 1));
    if (ids.size() > MOST || !ids.stream().allMatch(id -> id.matches("[0-9a-f]{64}"))) {
      throw new BadRequest("ids: expected up to " + MOST + " times 64 hexadecimal digits");
    }
    return ids.stream().map(id -> AssetId.of(new Digest(id))).toList();
  }

  private static int limit(Query query) {
    String text = query.get("limit").orElse(String.valueOf(PAGE));
    if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > MOST) {
      throw new BadRequest("limit: expected 1 to " + MOST);
    }
    return Integer.parseInt(text);
  }

  /** What went between two reads is left out. */
  private void assets(JsonGenerator out, List<AssetId> ids) throws IOException {
    out.writeArrayFieldStart("assets");
    for (AssetId id : ids) {
      try {
        Explanation all = assets.explain(id);
        out.writeStartObject();
        json.write(out, all);
        out.writeEndObject();
      } catch (AssetGoneException e) {
        LOG.debug("{}", e.toString());
      }
    }
    out.writeEndArray();
  }

  private void link(HttpExchange exchange, AssetId id, Query query) throws IOException {
    Transformation recipe =
        Transformation.parse(
            query.get("recipe").orElseThrow(() -> new BadRequest("recipe: expected one")));
    String url = urls.variant(id, recipe);
    Answers.json(
        exchange,
        200,
        out -> {
          out.writeStringField("url", url);
          out.writeStringField("recipe", recipe.canonical());
        });
  }

  private void totals(HttpExchange exchange) throws IOException {
    LedgerStats stats = assets.stats(Scope.DEFAULT);
    long count = stats.assets().values().stream().mapToLong(Long::longValue).sum();
    Answers.json(
        exchange,
        200,
        out -> {
          out.writeNumberField("assets", count);
          out.writeNumberField("duplicates", stats.duplicates());
          out.writeNumberField("variants", stats.variants());
          out.writeNumberField("uploadedBytes", stats.logicalBytes());
          out.writeNumberField("storedBytes", stats.originalBytes());
          out.writeNumberField("variantBytes", stats.variantBytes());
          out.writeNumberField("savedBytes", stats.logicalBytes() - stats.originalBytes());
          out.writeNumberField("reused", savings.requests());
          out.writeNumberField("savedMillis", savings.time().toNanos() / 1e6);
          out.writeNumberField("maxUploadBytes", maxBytes);
          budgets.write(out);
        });
  }
}
