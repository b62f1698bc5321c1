package io.mybella.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.mybella.chassis.testing.ArchitectureRules;
import io.mybella.gateway.identity.credential.Credential;
import io.mybella.gateway.identity.credential.web.Credentials;
import io.mybella.gateway.identity.token.TokenIssuer;

@AnalyzeClasses(packages = "io.mybella.gateway", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

  private static final String DOOR = "io.mybella.gateway.door..";
  private static final String IDENTITY = "io.mybella.gateway.identity..";

  @ArchTest static final ArchTests rules = ArchTests.in(ArchitectureRules.class);

  @ArchTest
  static final ArchRule theDoorAsksTwoThings =
      noClasses()
          .that()
          .resideInAPackage(DOOR)
          .should()
          .dependOnClassesThat(
              resideInAPackage(IDENTITY)
                  .and(
                      not(belongToAnyOf(Credentials.class, TokenIssuer.class))
                          .and(not(belongToAnyOf(Credential.class)))));

  @ArchTest
  static final ArchRule whoKnowsPeopleKnowsNoDoor =
      noClasses()
          .that()
          .resideInAPackage(IDENTITY)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(DOOR);

  @ArchTest
  static final ArchRule roomsOfIdentityDoNotTurnInCircles =
      slices().matching("io.mybella.gateway.identity.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule roomsOfTheDoorDoNotTurnInCircles =
      slices().matching("io.mybella.gateway.door.(*)..").should().beFreeOfCycles();
}
