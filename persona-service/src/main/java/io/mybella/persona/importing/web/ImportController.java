package io.mybella.persona.importing.web;

import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.operator.RowResults;
import io.mybella.chassis.problem.Problem;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.importing.ChoiceImport;
import io.mybella.persona.importing.ChoiceRow;
import io.mybella.persona.importing.PersonaImport;
import io.mybella.persona.importing.PersonaRow;
import io.mybella.persona.importing.PictureImport;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Objects;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the importer hands over to this service. */
@RestController
@RequestMapping("/internal/import")
class ImportController {

  private final PersonaImport personas;
  private final PictureImport pictures;
  private final ChoiceImport choices;

  ImportController(PersonaImport personas, PictureImport pictures, ChoiceImport choices) {
    this.personas = personas;
    this.pictures = pictures;
    this.choices = choices;
  }

  @BodyLimit(kilobytes = RowResults.KILOBYTES)
  @PostMapping("/personas")
  RowResults personas(@Valid @RequestBody PersonasBody body) {
    RowResults.requireOnce(body.rows().stream().map(PersonaRow::key).toList());
    return new RowResults(
        personas.importAll(
            Objects.requireNonNullElse(body.source(), RowResults.DEFAULT_SOURCE), body.rows()));
  }

  /** How large a picture may be is judged by the room of pictures, which can say so. */
  @BodyLimit(kilobytes = 6 * 1024)
  @PostMapping("/pictures/{personaId}")
  RowResults picture(
      @PathVariable long personaId,
      @RequestParam(defaultValue = RowResults.DEFAULT_SOURCE) @Pattern(regexp = RowResults.SOURCE)
          String source,
      @RequestParam @Pattern(regexp = RowResults.KEY) String key,
      @RequestBody byte[] picture) {
    return new RowResults(
        List.of(
            pictures.importOne(
                source, key, new PersonaId(personaId), new ByteArrayResource(picture))));
  }

  @BodyLimit(kilobytes = RowResults.KILOBYTES)
  @PostMapping("/current")
  RowResults current(@Valid @RequestBody ChoicesBody body) {
    RowResults.requireOnce(body.rows().stream().map(ChoiceRow::key).toList());
    if (body.rows().stream().map(ChoiceRow::userId).distinct().count() < body.rows().size()) {
      throw Problem.badRequest("Each user may stand in a request once");
    }
    return new RowResults(choices.importAll(body.rows()));
  }
}
