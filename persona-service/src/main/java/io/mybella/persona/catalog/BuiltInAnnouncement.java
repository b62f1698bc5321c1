package io.mybella.persona.catalog;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Tells of the built-in personas before the service reports itself ready. */
@Component
class BuiltInAnnouncement implements ApplicationRunner {

  private final PersonaCatalog catalog;

  BuiltInAnnouncement(PersonaCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    catalog.announceBuiltIn();
  }
}
