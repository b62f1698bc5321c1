package io.mybella.memory.export.web;

import io.mybella.chassis.security.Caller;
import io.mybella.memory.export.MemoryExport;
import io.mybella.memory.export.MemoryExport.Everything;
import io.mybella.memory.pair.PairId;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes exports straight to the response, by the request's own thread: what is read next waits
 * until the caller has taken what was read before, and a caller who leaves ends it.
 */
@RestController
@Profile("!embedder")
class ExportController {

  private static final Logger log = LoggerFactory.getLogger(ExportController.class);

  private static final String JSON_LINES = "application/jsonl";

  private final MemoryExport export;
  private final ObjectWriter lines;

  ExportController(MemoryExport export, JsonMapper json) {
    this.export = export;
    this.lines =
        json.writer()
            .withRootValueSeparator("")
            .without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
  }

  @GetMapping(path = "/api/personas/{id}/memory/export", produces = JSON_LINES)
  void export(Caller caller, @PathVariable long id, HttpServletResponse response)
      throws IOException {
    Everything everything = export.of(new PairId(caller.userId(), id));
    response.setContentType(JSON_LINES);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        ContentDisposition.attachment()
            .filename("persona-" + id + "-memory.jsonl")
            .build()
            .toString());
    try {
      write(
          Stream.of(
                  everything.conversations().map(ConversationLine::of),
                  everything.messages().map(MessageLine::of),
                  everything.facts().map(PreferenceLine::of))
              .flatMap(lines -> lines),
          response.getOutputStream());
    } catch (JacksonIOException gone) {
      log.debug("The caller left in the middle of an export", gone);
    } catch (RuntimeException failed) {
      throw new BrokenExportException(failed);
    }
  }

  /** Closes nothing when it fails: an answer that ends well would be taken for whole. */
  private void write(Stream<Record> rows, OutputStream response) {
    JsonGenerator out = lines.createGenerator(response);
    rows.forEach(
        row -> {
          lines.writeValue(out, row);
          out.writeRaw('\n');
        });
    out.flush();
  }

  /**
   * Leaves an export that broke off to the server, which closes the connection without the last
   * chunk. Any answer written here would be taken for a line of it.
   */
  @ExceptionHandler
  void cutOff(BrokenExportException broken) throws BrokenExportException {
    throw broken;
  }
}
