import { Kafka as Binding } from 'cloudevents';

/**
 * Reads a Kafka message as a CloudEvent. kafkajs hands over keys and headers as bytes, the binding
 * of the SDK expects text.
 *
 * @param {import('kafkajs').KafkaMessage} message as it came from a topic
 * @returns the event, its data already parsed
 * @throws when it is no CloudEvent, an attribute is missing, or its data is no JSON
 */
export function readEvent(message) {
  const headers = Object.fromEntries(
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, value?.toString()]),
  );
  const event = Binding.toEvent({ key: message.key?.toString(), value: message.value, headers });
  event.validate();
  return event;
}
