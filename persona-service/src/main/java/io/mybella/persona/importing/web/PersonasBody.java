package io.mybella.persona.importing.web;

import io.mybella.chassis.operator.RowResults;
import io.mybella.persona.importing.PersonaRow;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Personas as the importer sends them. */
record PersonasBody(
    @Nullable @Pattern(regexp = RowResults.SOURCE) String source,
    @NotNull @Size(min = 1, max = RowResults.MOST) List<@NotNull @Valid PersonaRow> rows) {}
