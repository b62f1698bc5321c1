package io.mybella.chassis.probe;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.event.EventBatches;
import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.inbox.Inbox;
import io.mybella.chassis.outbox.Outbox;
import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.messaging.Message;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@SpringBootApplication
class ProbeApplication {

  static void main(String[] arguments) {
    SpringApplication.run(ProbeApplication.class, arguments);
  }

  record Note(@NotBlank String someText) {}

  record NoteEvent(long noteId, String text) {}

  @Bean
  Consumer<Message<byte[]>> notes(Inbox inbox, JdbcClient database, Facts facts) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      if (!event.type().equals("probe.note.v1")) {
        event.ignoreUnless("probe.note.v1");
        return;
      }
      NoteEvent note = event.data(NoteEvent.class);
      inbox.once("notes", event, () -> write(note, database, facts));
    };
  }

  @Bean
  Consumer<Message<List<byte[]>>> batches(Inbox inbox, JdbcClient database, Facts facts) {
    return new EventBatches<>(
        event -> {
          if (!event.type().equals("probe.note.v1")) {
            event.ignoreUnless("probe.note.v1");
            return Optional.empty();
          }
          return Optional.of(event.data(NoteEvent.class));
        },
        events ->
            inbox.onceEach(
                "batches", events, notes -> notes.forEach(each -> write(each, database, facts))));
  }

  private static void write(NoteEvent note, JdbcClient database, Facts facts) {
    database
        .sql("insert into note (id, text) values (?, ?)")
        .params(note.noteId(), note.text())
        .update();
    facts.state(note.text(), note.noteId());
  }

  @RestController
  static class ProbeController {

    private final Facts facts;
    private final TransactionTemplate transactions;
    private final BlobStore blobs;
    private final JdbcClient database;

    ProbeController(
        Facts facts, TransactionTemplate transactions, BlobStore blobs, JdbcClient database) {
      this.database = database;
      this.facts = facts;
      this.transactions = transactions;
      this.blobs = blobs;
    }

    @GetMapping("/blobs/{key}")
    byte[] blob(@PathVariable String key) {
      blobs.put(key + "/below", new byte[1]);
      // With a folder of that name in its place, the store cannot read the file.
      return blobs.get(key).orElseThrow();
    }

    @PostMapping("/facts/{key}")
    void fact(@PathVariable String key) {
      transactions.executeWithoutResult(_ -> facts.state(key, 1));
    }

    @GetMapping("/who")
    Map<String, Object> who(Caller caller) {
      return Map.of("userId", caller.userId(), "admin", caller.isAdmin());
    }

    @PostMapping("/internal/notes")
    Note noteOfTheOperator(@Valid @RequestBody Note note) {
      return note;
    }

    @PostMapping("/notes")
    Note note(@Valid @RequestBody Note note) {
      return note;
    }

    @BodyLimit(kilobytes = 512)
    @PostMapping("/long-notes")
    Map<String, Object> longNote(@RequestBody JsonNode note) {
      return Map.of("elements", note.size());
    }

    @PostMapping(path = "/uploads", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    int upload(@RequestParam MultiValueMap<String, String> form) {
      return form.size();
    }

    /** What a service asks of its database, in a transaction of its own. */
    @GetMapping("/asks")
    void ask(@RequestParam String sql, @RequestParam(defaultValue = "") List<String> value) {
      transactions.executeWithoutResult(_ -> database.sql(sql).params(value).query().listOfRows());
    }

    @PutMapping(path = "/forms", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    Map<String, String> form(@RequestParam Map<String, String> form) {
      return form;
    }

    @GetMapping("/numbers/{number}")
    long number(@PathVariable long number) {
      if (number == 0) {
        throw Problem.conflict("Zero is taken").withError("number", "must not be zero");
      }
      if (number < 0) {
        throw new IllegalStateException("secret internals");
      }
      return number;
    }
  }

  /** A filter that asks the database, as that of the sessions does. */
  @Bean
  FilterRegistrationBean<Filter> asking(JdbcClient database) {
    var registration =
        new FilterRegistrationBean<Filter>(
            (request, response, chain) -> {
              String sql = ((HttpServletRequest) request).getHeader("X-Ask");
              if (sql != null) {
                database.sql(sql).query().listOfRows();
              }
              chain.doFilter(request, response);
            });
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 50);
    return registration;
  }

  @Bean
  Facts facts(Outbox outbox, JdbcClient database) {
    return new Facts(outbox, database);
  }

  static class Facts {

    private final Outbox outbox;
    private final JdbcClient database;

    Facts(Outbox outbox, JdbcClient database) {
      this.outbox = outbox;
      this.database = database;
    }

    void state(String key, long number) {
      outbox.publish(
          "probe.facts", key, "probe.fact.v1", key, new NoteEvent(number, "fact " + number));
    }

    long waiting() {
      return database.sql("select count(*) from outbox_event").query(Long.class).single();
    }
  }
}
