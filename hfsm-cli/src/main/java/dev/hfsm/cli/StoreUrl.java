package dev.hfsm.cli;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.storage.BlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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

  /** Reads a URL; never says what was found, which may hold a secret. */
  final class Converter implements ITypeConverter<StoreUrl> {
    @Override
    public StoreUrl convert(String text) {
      if (text.startsWith("file:")) {
        return new Folder(Urls.path(text.substring("file:".length()), "file:PATH"));
      }
      throw new TypeConversionException("expected file:PATH, found something else");
    }
  }
}
