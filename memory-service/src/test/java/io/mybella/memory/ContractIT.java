package io.mybella.memory;

import io.mybella.chassis.testing.ContractAssertions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

class ContractIT extends MemoryServiceTest {

  @Autowired private ApplicationContext context;

  @Test
  void theServiceServesExactlyItsPartOfTheContract() {
    ContractAssertions.assertServesItsPartOfTheContract(context, "memory");
  }

  @Test
  void theServiceListensToExactlyItsPartOfTheContract() {
    ContractAssertions.assertListensToItsPartOfTheContract(context);
  }

  @Test
  void theServiceTellsExactlyItsPartOfTheContract() {
    ContractAssertions.assertTellsItsPartOfTheContract(context);
  }
}
