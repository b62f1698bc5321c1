package io.mybella.chassis.event;

import org.springframework.context.ApplicationEvent;

/** The broker is there and has the topics of this service; told once, in a thread of its own. */
public final class TopicsCreated extends ApplicationEvent {

  private static final long serialVersionUID = 1L;

  /**
   * The topics are there.
   *
   * @param source who saw to it
   */
  public TopicsCreated(Object source) {
    super(source);
  }
}
