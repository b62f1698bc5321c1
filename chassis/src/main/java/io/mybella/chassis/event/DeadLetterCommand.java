package io.mybella.chassis.event;

import io.mybella.chassis.event.DeadLetterProperties.Run;
import io.mybella.chassis.event.DeadLetters.Replayed;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** Does what the process was started for, and ends it: with 1 when something failed again. */
final class DeadLetterCommand implements ApplicationListener<ApplicationReadyEvent> {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterCommand.class);

  private final EventTopics topics;
  private final DeadLetters letters;
  private final DeadLetterProperties properties;

  DeadLetterCommand(EventTopics topics, DeadLetters letters, DeadLetterProperties properties) {
    this.topics = topics;
    this.letters = letters;
    this.properties = properties;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent ready) {
    int code = run();
    System.exit(SpringApplication.exit(ready.getApplicationContext(), () -> code));
  }

  private int run() {
    Set<String> known = letters.topics();
    String wanted = properties.topic();
    if (!wanted.isEmpty() && !known.contains(wanted)) {
      log.error("This service does not read {}; it reads {}", wanted, known);
      return 1;
    }
    topics.create();
    int failed = 0;
    for (String topic : wanted.isEmpty() ? known : List.of(wanted)) {
      if (properties.run() == Run.LIST) {
        log.info("{}: {} dead letters", topic, letters.list(topic));
      } else {
        failed += replay(topic);
      }
    }
    return failed == 0 ? 0 : 1;
  }

  /** Returns how many failed again; at least one when it was cut off. */
  private int replay(String topic) {
    try {
      Replayed replayed = letters.replay(topic);
      log.info(
          "{}: done, {} handled, {} failed again", topic, replayed.handled(), replayed.failed());
      return replayed.failed();
    } catch (RuntimeException away) {
      log.error("{}: not done, replay it again once what it needs is there", topic, away);
      return 1;
    }
  }
}
