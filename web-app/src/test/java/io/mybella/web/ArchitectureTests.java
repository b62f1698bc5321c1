package io.mybella.web;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.mybella.chassis.testing.ArchitectureRules;

@AnalyzeClasses(packages = "io.mybella.web", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

  @ArchTest static final ArchTests rules = ArchTests.in(ArchitectureRules.class);
}
