package io.mybella.gateway.identity.importing.web;

import io.mybella.chassis.operator.RowResults;
import io.mybella.gateway.identity.importing.AccountRow;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Accounts as the importer sends them. */
record AccountsBody(
    @Nullable @Pattern(regexp = RowResults.SOURCE) String source,
    @Nullable @Pattern(regexp = "attach|skip", message = "must be attach or skip") String sameEmail,
    @NotNull @Size(min = 1, max = RowResults.MOST) List<@NotNull @Valid AccountRow> rows) {}
