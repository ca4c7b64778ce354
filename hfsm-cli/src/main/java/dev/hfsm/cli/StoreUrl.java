package dev.hfsm.cli;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.s3.S3BlobStore;
import dev.hfsm.s3.S3Config;
import dev.hfsm.storage.BlobStore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where bytes lie, as it is said on the command line. */
sealed interface StoreUrl {

  /**
   * Opens the store, and makes it if it is not there.
   *
   * @throws BlobStoreException if it cannot be used
   */
  BlobStore open();

  /** Why there is nothing to look at; empty if there may be. Nothing is made for the answer. */
  Optional<String> absent();

  /** Where uploads under way are best kept for this store; empty for anywhere. */
  Optional<Path> spool();

  /** {@code file:PATH}: the folder of a file store; what follows the colon is taken literally. */
  record Folder(Path path) implements StoreUrl {
    @Override
    public BlobStore open() {
      return FileSystemBlobStore.open(path);
    }

    @Override
    public Optional<String> absent() {
      return Files.isDirectory(path.resolve("objects"))
          ? Optional.empty()
          : Optional.of("there is no file store in " + path.toAbsolutePath());
    }

    /** On the same file system, so that large uploads are moved in and not copied. */
    @Override
    public Optional<Path> spool() {
      return Optional.of(path.resolve("spool"));
    }

    @Override
    public String toString() {
      return "file:" + path;
    }
  }

  /**
   * {@code s3://BUCKET[/PREFIX][?region=R&endpoint=URL]}: credentials are found as always on AWS.
   */
  record Bucket(S3Config config) implements StoreUrl {

    private static final String EXPECTED = "expected s3://BUCKET[/PREFIX][?region=R&endpoint=URL]";
    private static final Pattern TEXT =
        Pattern.compile("s3://(?<bucket>[^/?]+)(?:/(?<prefix>[^?]*))?(?:\\?(?<parameters>.*))?");

    static Bucket parse(String text) {
      Urls.refuseSecret(text, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a profile");
      Matcher m = TEXT.matcher(text);
      if (!m.matches()) {
        throw new TypeConversionException(EXPECTED + ", found something else");
      }
      try {
        S3Config config = S3Config.of(m.group("bucket"));
        String prefix = m.group("prefix");
        config = prefix == null ? config : config.prefix(prefix);
        return new Bucket(
            m.group("parameters") == null ? config : with(config, m.group("parameters")));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(EXPECTED + "; " + e.getMessage());
      }
    }

    private static S3Config with(S3Config config, String parameters) {
      S3Config result = config;
      for (String parameter : parameters.split("&")) {
        if (parameter.startsWith("region=")) {
          result = result.region(parameter.substring("region=".length()));
        } else if (parameter.startsWith("endpoint=")) {
          result = result.endpoint(URI.create(parameter.substring("endpoint=".length())));
        } else {
          throw new TypeConversionException(EXPECTED + ", found another parameter");
        }
      }
      return result;
    }

    @Override
    public BlobStore open() {
      return S3BlobStore.open(config);
    }

    /** Whether there is one is found out by using it. */
    @Override
    public Optional<String> absent() {
      return Optional.empty();
    }

    @Override
    public Optional<Path> spool() {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "s3://" + config.bucket() + "/" + config.prefix();
    }
  }

  /** Reads a URL; never says what was found, which may hold a secret. */
  final class Converter implements ITypeConverter<StoreUrl> {
    @Override
    public StoreUrl convert(String text) {
      if (text.startsWith("file:")) {
        return new Folder(Urls.path(text.substring("file:".length()), "file:PATH"));
      }
      if (text.startsWith("s3:")) {
        return Bucket.parse(text);
      }
      throw new TypeConversionException(
          "expected file:PATH or s3://BUCKET[/PREFIX][?region=R&endpoint=URL], found something"
              + " else");
    }
  }
}
