package io.mybella.gateway;

import io.mybella.chassis.testing.ContractAssertions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** What the gateway serves of the contract is for {@link DocsIT} to tell. */
class ContractIT extends GatewayTest {

  @Autowired private ApplicationContext context;

  @Test
  void thePromisedTopicsAreListenedToAndNoOther() {
    ContractAssertions.assertListensToItsPartOfTheContract(context);
  }

  @Test
  void thePromisedTopicsAreWrittenAndNoOther() {
    ContractAssertions.assertTellsItsPartOfTheContract(context);
  }
}
