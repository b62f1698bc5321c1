package io.mybella.chassis.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house rules every service keeps. */
public final class ArchitectureRules {

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("io.mybella.*.(**)").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule domainKnowsNeitherHttpNorMessaging =
      noClasses()
          .that()
          .resideOutsideOfPackages("..web..", "..messaging..")
          .and()
          .haveSimpleNameNotEndingWith("Application")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..web", "..messaging")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework.cloud.stream..", "org.springframework.messaging..");

  @ArchTest
  static final ArchRule controllersAndRepositoriesStayInTheirRoom =
      classes()
          .that()
          .haveSimpleNameEndingWith("Controller")
          .or()
          .haveSimpleNameEndingWith("Repository")
          .or()
          .areAnnotatedWith("jakarta.persistence.Entity")
          .should()
          .notBePublic()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule aClassIsNamedForWhatItIs =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl");

  @ArchTest
  static final ArchRule dependenciesAreInjectedThroughConstructors =
      noFields()
          .should()
          .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
          .orShould()
          .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule timeComesFromTheClock =
      noClasses()
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(java.time.OffsetDateTime.class, "now")
          .orShould()
          .callMethod(java.time.LocalDateTime.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  private ArchitectureRules() {}
}
