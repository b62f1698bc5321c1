package io.mybella.persona;

import io.mybella.chassis.testing.ContractAssertions;
import io.mybella.persona.testing.PersonaServiceTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

class ContractIT extends PersonaServiceTest {

  @Autowired private ApplicationContext context;

  @Test
  void everyPromisedOperationIsServedAndNoOther() {
    ContractAssertions.assertServesItsPartOfTheContract(context, "persona");
  }

  @Test
  void thePromisedTopicsAreListenedToAndNoOther() {
    ContractAssertions.assertListensToItsPartOfTheContract(context);
  }

  @Test
  void thePromisedTopicsAreWrittenAndNoOther() {
    ContractAssertions.assertTellsItsPartOfTheContract(context);
  }
}
