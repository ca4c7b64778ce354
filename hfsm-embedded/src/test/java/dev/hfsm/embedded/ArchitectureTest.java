package dev.hfsm.embedded;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The boundaries between modules, as docs/architecture.md draws them. */
class ArchitectureTest {

  private static final JavaClasses HFSM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.hfsm");

  private static final String[] SPI = {
    "dev.hfsm.model", "dev.hfsm.storage", "dev.hfsm.ledger", "dev.hfsm.queue", "dev.hfsm.error"
  };
  private static final String[] CORE = {
    "dev.hfsm",
    "dev.hfsm.custody",
    "dev.hfsm.delivery",
    "dev.hfsm.internal..",
    "dev.hfsm.transform",
    "dev.hfsm.memory",
    "dev.hfsm.filesystem",
    "dev.hfsm.store"
  };

  private static void check(ArchRule rule) {
    rule.check(HFSM);
  }

  @Test
  void theContractsNeedNothingButTheJdk() {
    check(
        classes()
            .that()
            .resideInAnyPackage(SPI)
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(SPI)
                    .or(resideInAnyPackage("java..", "org.slf4j..", "org.jspecify.."))));
  }

  @Test
  void coreKnowsNoAdapterAndNoPictures() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("dev.hfsm..")
                    .and(not(resideInAnyPackage(SPI)))
                    .and(not(resideInAnyPackage(CORE)))));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.awt..", "javax.imageio..", "java.sql..", "org.jdbi.."));
  }

  @Test
  void theLedgerAdapterKnowsOnlyTheContracts() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.hfsm.jdbc..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("dev.hfsm..")
                    .and(not(resideInAnyPackage(SPI)))
                    .and(not(resideInAnyPackage("dev.hfsm.jdbc..")))));
  }

  @Test
  void theQueueAdapterKnowsOnlyTheContractsAndItsClient() {
    check(
        classes()
            .that()
            .resideInAPackage("dev.hfsm.redis..")
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(SPI)
                    .or(resideInAnyPackage("dev.hfsm.redis..", "io.lettuce.."))
                    .or(
                        resideInAnyPackage(
                            "java..", "javax.net.ssl", "org.slf4j..", "org.jspecify.."))));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.hfsm.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lettuce.."));
  }

  @Test
  void theClientOfRedisIsSeenInNothingButItsFactory() {
    check(
        methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage("dev.hfsm.redis..")
            .and()
            .areDeclaredInClassesThat()
            .doNotHaveSimpleName("RedisQueueBuilder")
            .should()
            .notHaveRawReturnType(resideInAPackage("io.lettuce.."))
            .andShould()
            .notHaveRawParameterTypes(
                DescribedPredicate.describe(
                    "a type of the client",
                    types ->
                        types.stream()
                            .anyMatch(t -> t.getPackageName().startsWith("io.lettuce")))));
  }

  @Test
  void picturesAreKnownOnlyToImaging() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.hfsm.imaging..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "java.awt..", "javax.imageio..", "com.drew..", "com.twelvemonkeys.."));
  }

  @Test
  void whatIsInternalToCoreStaysInCore() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.hfsm.internal.."));
  }

  @Test
  void theInsideOfCoreHasNoCycles() {
    check(slices().matching("dev.hfsm.internal.(*)").should().beFreeOfCycles());
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.hfsm.internal")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.hfsm.internal.*.."));
  }

  @Test
  void packagesHaveNoCycles() {
    check(
        slices()
            .matching(
                "dev.hfsm.(model|storage|ledger|queue|error|transform|custody|store|filesystem"
                    + "|memory|delivery|jdbc|redis|imaging)..")
            .should()
            .beFreeOfCycles());
    check(slices().matching("dev.hfsm.imaging.(*)..").should().beFreeOfCycles());
  }

  @Test
  void thePipelineKnowsNothingOfItsDelivery() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("dev.hfsm", "dev.hfsm.internal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.hfsm.delivery.."));
  }

  @Test
  void noPackageIsSplitOverModules() {
    Map<String, Set<String>> roots =
        HFSM.stream()
            .collect(
                Collectors.groupingBy(
                    JavaClass::getPackageName,
                    Collectors.mapping(ArchitectureTest::root, Collectors.toSet())));
    assertThat(roots).allSatisfy((name, where) -> assertThat(where).as(name).hasSize(1));
  }

  private static String root(JavaClass type) {
    String uri = type.getSource().orElseThrow().getUri().toString();
    return uri.substring(0, uri.length() - type.getName().length() - ".class".length());
  }

  @Test
  void publicMethodsTakeNoBooleans() {
    check(
        methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(
                "dev.hfsm",
                "dev.hfsm.custody",
                "dev.hfsm.store",
                "dev.hfsm.transform",
                "dev.hfsm.jdbc",
                "dev.hfsm.redis")
            .should()
            .notHaveRawParameterTypes(
                new DescribedPredicate<>("a boolean") {
                  @Override
                  public boolean test(java.util.List<JavaClass> types) {
                    return types.stream().anyMatch(t -> t.isEquivalentTo(boolean.class));
                  }
                }));
  }
}
