package io.mybella.persona.importing.web;

import io.mybella.chassis.operator.RowResults;
import io.mybella.persona.importing.ChoiceRow;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Choices as the importer sends them. */
record ChoicesBody(
    @NotNull @Size(min = 1, max = RowResults.MOST) List<@NotNull @Valid ChoiceRow> rows) {}
