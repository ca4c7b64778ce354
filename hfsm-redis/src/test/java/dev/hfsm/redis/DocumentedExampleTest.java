package dev.hfsm.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.storage.BlobStore;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/redis.md is compiled as it stands there, and run. */
@Timeout(600)
class DocumentedExampleTest {

  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void theExampleCompilesAndTwoSuchNodesShareTheirWork() throws Exception {
    Path source = Files.writeString(folder.resolve("Node.java"), example());
    StringWriter complaints = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    boolean compiled =
        compiler
            .getTask(
                complaints,
                null,
                null,
                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    assertThat(compiled).as(complaints.toString()).isTrue();
    AssetLedger ledger = new InMemoryLedger(InstantSource.system());
    BlobStore blobs = new InMemoryBlobStore();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        AssetPipeline one = start(loader, ledger, blobs);
        AssetPipeline two = start(loader, ledger, blobs)) {
      AssetId id = one.ingest(Upload.of(new byte[] {1, 2, 3})).id();
      assertThat(two.awaitInspected(id, Hints.PATIENCE).state().isDescribed()).isTrue();
    }
  }

  private static AssetPipeline start(ClassLoader loader, AssetLedger ledger, BlobStore blobs)
      throws Exception {
    return (AssetPipeline)
        loader
            .loadClass("Node")
            .getMethod("start", AssetLedger.class, BlobStore.class, String.class)
            .invoke(null, ledger, blobs, RunningRedis.shared().uri());
  }

  private static String example() throws IOException {
    Matcher block = JAVA_BLOCK.matcher(Files.readString(Path.of("..", "docs", "redis.md")));
    assertThat(block.find()).as("a java block in docs/redis.md").isTrue();
    return block.group(1);
  }
}
