package io.mybella.gateway.identity.importing.web;

import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.operator.RowResults;
import io.mybella.gateway.identity.importing.AccountImport;
import io.mybella.gateway.identity.importing.AccountRow;
import jakarta.validation.Valid;
import java.util.Objects;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the importer hands over to the gateway. */
@RestController
@RequestMapping("/internal/import")
class ImportController {

  private final AccountImport accounts;

  ImportController(AccountImport accounts) {
    this.accounts = accounts;
  }

  @BodyLimit(kilobytes = RowResults.KILOBYTES)
  @PostMapping("/accounts")
  RowResults accounts(@Valid @RequestBody AccountsBody body) {
    RowResults.requireOnce(body.rows().stream().map(AccountRow::key).toList());
    return new RowResults(
        accounts.importAll(
            Objects.requireNonNullElse(body.source(), RowResults.DEFAULT_SOURCE),
            "attach".equals(body.sameEmail()),
            body.rows()));
  }
}
