package dev.hfsm.cli;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.s3.S3BlobStore;
import dev.hfsm.s3.S3Config;
import dev.hfsm.storage.BlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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

  /** Whether another URL names the same store, however objects are to be kept in it. */
  boolean isSamePlace(StoreUrl other);

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
    public boolean isSamePlace(StoreUrl other) {
      return equals(other);
    }

    @Override
    public String toString() {
      return "file:" + path;
    }
  }

  /**
   * {@code s3://BUCKET[/PREFIX][?SETTING=VALUE&...]}, see {@link BucketSettings}: credentials are
   * found as always on AWS.
   */
  record Bucket(S3Config config) implements StoreUrl {

    static final String FORM = "s3://BUCKET[/PREFIX][?SETTING=VALUE&...]";

    private static final String EXPECTED = "expected " + FORM;
    private static final Pattern TEXT =
        Pattern.compile("s3://(?<bucket>[^/?]+)(?:/(?<prefix>[^?]*))?(?:\\?(?<settings>.*))?");

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
        String settings = m.group("settings");
        return new Bucket(settings == null ? config : BucketSettings.applied(config, settings));
      } catch (IllegalArgumentException | TypeConversionException e) {
        throw new TypeConversionException(EXPECTED + "; " + e.getMessage());
      }
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
    public boolean isSamePlace(StoreUrl other) {
      return other instanceof Bucket bucket
          && config.bucket().equals(bucket.config.bucket())
          && config.prefix().equals(bucket.config.prefix())
          && Objects.equals(config.endpoint(), bucket.config.endpoint());
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
          "expected file:PATH or " + Bucket.FORM + ", found something else");
    }
  }
}
