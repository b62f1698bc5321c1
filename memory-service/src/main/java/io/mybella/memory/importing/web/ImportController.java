package io.mybella.memory.importing.web;

import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.operator.RowResults;
import io.mybella.memory.importing.ConversationImport;
import io.mybella.memory.importing.MessageImport;
import io.mybella.memory.importing.PreferenceImport;
import jakarta.validation.Valid;
import java.time.Clock;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the importer hands over to this service. */
@RestController
@Profile("!embedder")
@RequestMapping("/internal/import")
class ImportController {

  private final MessageImport messages;
  private final ConversationImport conversations;
  private final PreferenceImport preferences;
  private final Clock clock;

  ImportController(
      MessageImport messages,
      ConversationImport conversations,
      PreferenceImport preferences,
      Clock clock) {
    this.messages = messages;
    this.conversations = conversations;
    this.preferences = preferences;
    this.clock = clock;
  }

  @BodyLimit(kilobytes = RowResults.KILOBYTES)
  @PostMapping("/messages")
  RowResults messages(@Valid @RequestBody MessagesBody body) {
    return new RowResults(messages.importAll(body.sourceOrDefault(), body.pair(), body.toRows()));
  }

  @BodyLimit(kilobytes = RowResults.KILOBYTES)
  @PostMapping("/conversations")
  RowResults conversations(@Valid @RequestBody ConversationsBody body) {
    return new RowResults(
        conversations.importAll(body.sourceOrDefault(), body.pair(), body.toRows()));
  }

  @BodyLimit(kilobytes = RowResults.KILOBYTES)
  @PostMapping("/preferences")
  RowResults preferences(@Valid @RequestBody PreferencesBody body) {
    return new RowResults(
        preferences.importAll(body.sourceOrDefault(), body.pair(), body.toRows(clock)));
  }
}
