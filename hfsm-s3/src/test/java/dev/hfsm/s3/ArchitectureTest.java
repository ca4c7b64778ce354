package dev.hfsm.s3;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The boundaries of the adapter. */
class ArchitectureTest {

  private static final JavaClasses ADAPTER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.hfsm.s3");

  @Test
  void theAdapterKnowsOnlyTheContractsAndTheSdk() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.hfsm.s3",
                "dev.hfsm.storage",
                "dev.hfsm.model",
                "dev.hfsm.error",
                "software.amazon.awssdk..",
                "org.slf4j",
                "org.jspecify..",
                "java..",
                "javax.net.ssl"))
        .check(ADAPTER);
  }

  @Test
  void theSdkIsSeenInTheFactoriesOfTheStoreAlone() {
    List<String> showing =
        publicMethods().stream()
            .filter(ArchitectureTest::showsTheSdk)
            .map(JavaMethod::getFullName)
            .toList();
    assertThat(showing)
        .isNotEmpty()
        .allMatch(name -> name.matches("dev\\.hfsm\\.s3\\.S3BlobStore\\.(open|over)\\(.*"));
  }

  private static List<JavaMethod> publicMethods() {
    return ADAPTER.stream()
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
        .toList();
  }

  private static boolean showsTheSdk(JavaMethod method) {
    return Stream.concat(
            Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
        .anyMatch(resideInAnyPackage("software.amazon..")::test);
  }

  @Test
  void publicMethodsTakeNoBooleans() {
    assertThat(publicMethods())
        .isNotEmpty()
        .noneMatch(
            method ->
                method.getRawParameterTypes().stream()
                    .anyMatch(type -> type.isEquivalentTo(boolean.class)));
  }
}
