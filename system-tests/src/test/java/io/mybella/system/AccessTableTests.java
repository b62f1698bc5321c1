package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.system.AccessTable.Row;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** An operation cannot join the contract without saying who may use it. */
class AccessTableTests {

  private final AccessTable table = AccessTable.read();
  private final OpenApi contract = new OpenApi();

  @Test
  void everyOperationOfTheContractHasOneRowAndNoOtherHas() {
    assertThat(operations(table.ofOwner()))
        .as("first table of " + AccessTable.FILE)
        .containsExactlyInAnyOrderElementsOf(contract.operations());
  }

  @Test
  void everyOperationOnAPersonaSaysWhatHappensToABuiltInOne() {
    assertThat(operations(table.ofBuiltIn()))
        .as("second table of " + AccessTable.FILE)
        .containsExactlyInAnyOrderElementsOf(
            contract.operations().stream().filter(Operation::isOfPersona).toList());
  }

  @Test
  void everyRowHasEveryCaller() {
    assertThat(table.ofOwner())
        .allSatisfy(
            row ->
                assertThat(row.statuses())
                    .containsOnlyKeys(Stream.of(Visitor.values()).map(Visitor::heading).toList()));
    assertThat(table.ofBuiltIn())
        .allSatisfy(
            row ->
                assertThat(row.statuses())
                    .containsOnlyKeys(Visitor.OTHER.heading(), Visitor.ADMIN.heading()));
  }

  @Test
  void theContractPromisesEveryStatusOfTheTable() {
    SoftAssertions all = new SoftAssertions();
    for (Row row : Stream.concat(table.ofOwner().stream(), table.ofBuiltIn().stream()).toList()) {
      Set<String> promised = contract.statuses(row.operation());
      row.statuses()
          .forEach(
              (visitor, status) ->
                  all.assertThat(promised)
                      .as("OpenAPI responses of %s, for %s", row, visitor)
                      .contains(Integer.toString(status)));
    }
    all.assertAll();
  }

  private static List<Operation> operations(List<Row> rows) {
    return rows.stream().map(Row::operation).toList();
  }
}
