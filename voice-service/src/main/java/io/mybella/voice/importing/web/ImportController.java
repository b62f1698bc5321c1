package io.mybella.voice.importing.web;

import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.operator.RowResults;
import io.mybella.chassis.problem.Problem;
import io.mybella.voice.importing.SampleImport;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the importer hands over to this service. */
@RestController
@Profile("!worker")
@RequestMapping("/internal/import")
class ImportController {

  private final SampleImport samples;

  ImportController(SampleImport samples) {
    this.samples = samples;
  }

  /** How large a sample may be is judged by the room of samples, which can say so. */
  @BodyLimit(kilobytes = 11 * 1024)
  @PostMapping("/samples/{userId}/{personaId}")
  RowResults sample(
      @PathVariable @Positive long userId,
      @PathVariable @Positive long personaId,
      @RequestParam(defaultValue = RowResults.DEFAULT_SOURCE) @Pattern(regexp = RowResults.SOURCE)
          String source,
      @RequestParam @Pattern(regexp = RowResults.KEY) String key,
      @RequestBody(required = false) byte @Nullable [] file) {
    if (file == null || file.length == 0) {
      throw Problem.badRequest("No voice file provided");
    }
    return new RowResults(List.of(samples.importOne(source, key, userId, personaId, file)));
  }
}
