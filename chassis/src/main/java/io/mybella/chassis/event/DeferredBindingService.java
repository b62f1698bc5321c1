package io.mybella.chassis.event;

import java.util.Collection;
import java.util.List;
import org.springframework.cloud.stream.binder.BinderFactory;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binding.BindingService;
import org.springframework.cloud.stream.config.BindingServiceProperties;
import org.springframework.scheduling.TaskScheduler;
import tools.jackson.databind.ObjectMapper;

/**
 * Binds consumers once their topics are there. Spring Cloud Stream asks the broker for the
 * partitions of each while the context starts: with the broker away the service would serve nobody
 * for as long as that takes to fail.
 */
final class DeferredBindingService extends BindingService {

  private final EventTopics topics;

  DeferredBindingService(
      BindingServiceProperties properties,
      BinderFactory binders,
      TaskScheduler scheduler,
      ObjectMapper json,
      EventTopics topics) {
    super(properties, binders, scheduler, json);
    this.topics = topics;
  }

  @Override
  public <T> Collection<Binding<T>> bindConsumer(T input, String name) {
    topics.whenCreated(() -> super.bindConsumer(input, name));
    return List.of();
  }

  @Override
  public void unbindConsumers(String name) {
    // One that still waits has nothing to end.
    if (!getConsumerBindings(name).isEmpty()) {
      super.unbindConsumers(name);
    }
  }
}
