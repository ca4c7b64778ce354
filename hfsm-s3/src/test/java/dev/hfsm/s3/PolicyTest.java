package dev.hfsm.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The policies that are documented allow what the adapter calls, and nothing else. */
class PolicyTest {

  private static final Set<String> GET = Set.of("s3:GetObject");
  private static final Set<String> PUT = Set.of("s3:PutObject");
  private static final Set<String> DELETE = Set.of("s3:DeleteObject");
  private static final Set<String> LIST = Set.of("s3:ListBucket");

  /** What Amazon's reference of the API says each call needs; nothing for what sends nothing. */
  private static final Map<String, Set<String>> NEEDED =
      Map.ofEntries(
          Map.entry("getObject", GET),
          Map.entry("presignGetObject", GET),
          Map.entry("headObject", GET),
          Map.entry("putObject", PUT),
          Map.entry("presignPutObject", PUT),
          Map.entry("createMultipartUpload", PUT),
          Map.entry("uploadPart", PUT),
          Map.entry("completeMultipartUpload", PUT),
          Map.entry("abortMultipartUpload", Set.of("s3:AbortMultipartUpload")),
          Map.entry("copyObject", Set.of("s3:GetObject", "s3:PutObject")),
          Map.entry("deleteObject", DELETE),
          Map.entry("deleteObjects", DELETE),
          Map.entry("listObjectsV2", LIST),
          Map.entry("headBucket", LIST),
          Map.entry("serviceClientConfiguration", Set.of()),
          Map.entry("builder", Set.of()),
          Map.entry("close", Set.of()));

  @Test
  void theyAllowWhatIsCalledAndNothingElse() throws IOException {
    Set<String> calls = calls();
    assertThat(NEEDED.keySet()).as("all that is called").containsAll(calls);
    Set<String> needed = new TreeSet<>();
    calls.forEach(call -> needed.addAll(NEEDED.get(call)));
    for (String page : Set.of("s3.md", "deploy.md")) {
      assertThat(allowed(page)).as(page).isEqualTo(needed);
    }
  }

  private static Set<String> calls() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.hfsm.s3")
            .stream()
            .flatMap(type -> type.getMethodCallsFromSelf().stream())
            .filter(PolicyTest::isOfTheSdk)
            .map(call -> call.getTarget().getName())
            .collect(Collectors.toSet());
  }

  private static boolean isOfTheSdk(JavaMethodCall call) {
    return call.getTargetOwner().isEquivalentTo(S3Client.class)
        || call.getTargetOwner().isEquivalentTo(S3Presigner.class);
  }

  private static Set<String> allowed(String page) throws IOException {
    Matcher actions =
        Pattern.compile("\"Action\": *(\\[[^]]*]|\"[^\"]*\")")
            .matcher(Files.readString(Path.of("..", "docs", page)));
    Set<String> allowed = new TreeSet<>();
    while (actions.find()) {
      Matcher action = Pattern.compile("\"(s3:[^\"]*)\"").matcher(actions.group(1));
      while (action.find()) {
        allowed.add(action.group(1));
      }
    }
    return allowed;
  }
}
