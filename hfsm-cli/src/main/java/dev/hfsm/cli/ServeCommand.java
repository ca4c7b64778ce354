package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.CostLimits;
import dev.hfsm.Preset;
import dev.hfsm.cli.serve.KeyFile;
import dev.hfsm.cli.serve.Site;
import dev.hfsm.cli.serve.Token;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.http.HttpServerTuning;
import dev.hfsm.ledger.Visibility;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm serve}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves a page where pictures are dropped in, and the assets by signed URLs; presets of"
          + " public assets without a signature.",
      "On the loopback address unless told otherwise; elsewhere the page wants a token."
    })
final class ServeCommand implements Callable<Integer> {

  private static final String TOKEN = "HFSM_TOKEN";
  private static final int HIGHEST_PORT = 65_535;
  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  @ParentCommand private Hfsm hfsm;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Where to listen; 0 takes any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "localhost",
      description = "Name or address to listen at; 0.0.0.0 is all (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "What the page has to be told, 16 characters or more; others can read command lines, so"
              + " rather set $HFSM_TOKEN (default: none on the loopback address, else a new one,"
              + " which is printed).")
  private @Nullable String token;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "What URLs are signed with; made if it is not there (default: serve.key in --data; with"
              + " --store and --ledger, one for this run alone).")
  private @Nullable Path keyFile;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      defaultValue = "200M",
      converter = IngestCommand.Size.class,
      description = "Largest upload, for instance 500M or 20G (default: ${DEFAULT-VALUE}).")
  private long maxBytes;

  @Option(
      names = "--public",
      description = "Deliver the presets of what is uploaded to the page without a signature.")
  private boolean isPublic;

  @Mixin private PresetOptions presets;

  @ArgGroup(
      validate = false,
      heading = "%nBudgets, on all nodes together; each node has to be told the same:%n")
  private BudgetOptions budgets = new BudgetOptions();

  @Option(names = "--access-log", description = "Print a line for each request on standard error.")
  private boolean accessLog;

  @Override
  public Integer call() throws IOException, InterruptedException {
    HttpServerTuning.apply();
    if (System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, "warn"); // nobody but the log is told of what goes wrong here
    }
    InetSocketAddress address = address();
    Token wanted = wanted(address.getAddress());
    Output output = hfsm.output();
    CountDownLatch ended = new CountDownLatch(1);
    List<Preset> named = presets.presets();
    CostLimits limits = budgets.limits(spec.commandLine());
    try (AssetPipeline pipeline =
            presets
                .applied(hfsm.existingOrNew())
                .costs(limits)
                .maxUploadBytes(maxBytes)
                .renders(renders())
                .start();
        Site site = open(pipeline, limits, address, wanted, output);
        Ending ending = Ending.of(site, pipeline, output, ended)) {
      say(output, url(address.getAddress(), site.port()), wanted, named);
      ended.await();
    }
    return Hfsm.DONE;
  }

  /** A processor is left to serve what is there, if there is more than one. */
  private static int renders() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  }

  private Site open(
      AssetPipeline pipeline,
      CostLimits limits,
      InetSocketAddress address,
      @Nullable Token wanted,
      Output output)
      throws IOException {
    SigningKeys keys = SigningKeys.of("k1", secret(output));
    try {
      return Site.open(
          pipeline,
          new Site.Settings(
              address,
              host,
              wanted,
              keys,
              maxBytes,
              isPublic ? Visibility.PUBLIC : null,
              limits,
              accessLog ? output::remark : line -> {}));
    } catch (BindException e) {
      throw new Complaints.Complaint(
          "cannot listen at %s:%d: %s; try another --port".formatted(host, port, e.getMessage()));
    }
  }

  private byte[] secret(Output output) {
    Path file = keyFile;
    if (file == null && hfsm.isElsewhere()) {
      output.remark("hfsm: links end with this process; say --key-file FILE to have them last");
      return KeyFile.passing();
    }
    try {
      return KeyFile.readOrMake(file == null ? hfsm.data().resolve("serve.key") : file);
    } catch (IOException e) {
      throw new Complaints.Complaint("cannot use the signing key: " + e.getMessage());
    }
  }

  private InetSocketAddress address() {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--port: expected 0 to " + HIGHEST_PORT + ", found " + port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new Complaints.Complaint("--host: there is no address of " + Text.line(host));
    }
  }

  private @Nullable Token wanted(InetAddress address) {
    String given = token == null ? System.getenv(TOKEN) : token;
    if (given == null || given.isEmpty()) {
      return address.isLoopbackAddress() ? null : Token.random();
    }
    try {
      return Token.of(given);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private String url(InetAddress address, int found) {
    String name = address.isAnyLocalAddress() ? ownName() : host;
    return "http://%s:%d/".formatted(name.contains(":") ? "[" + name + "]" : name, found);
  }

  /** What others may call this machine, as far as it knows. */
  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  private static void say(Output output, String url, @Nullable Token wanted, List<Preset> presets) {
    // Behind a #, so that no server and no log is told of it.
    String page = wanted == null ? url : url + "#token=" + wanted.reveal();
    output.line("Serving at " + page);
    if (wanted != null) {
      output.line("Whoever has this address can upload and read everything.");
    }
    if (!presets.isEmpty()) {
      output.line(
          "Presets of public assets: "
              + presets.stream().map(Preset::name).collect(Collectors.joining(", ")));
    }
    output.document(
        json -> {
          json.writeStringField("url", page);
          if (wanted != null) {
            json.writeStringField("token", wanted.reveal());
          }
        });
    output.remark("hfsm: Ctrl-C ends it");
  }

  /** Ends in order when the process is told to: what is under way is answered. */
  private record Ending(Thread hook, CountDownLatch ended) implements AutoCloseable {

    static Ending of(Site site, AssetPipeline pipeline, Output output, CountDownLatch ended) {
      Thread hook =
          new Thread(
              () -> {
                output.remark("hfsm: ending; requests under way are answered");
                site.close();
                pipeline.close();
                output.remark("hfsm: ended");
                ended.countDown();
              },
              "hfsm-ending");
      Runtime.getRuntime().addShutdownHook(hook);
      return new Ending(hook, ended);
    }

    @Override
    public void close() {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException ending) {
        // The hook is running: it ends everything.
      }
    }
  }
}
