package io.mybella.memory.messaging;

import io.mybella.chassis.erasure.ErasureMarks.Erased;
import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaErased;
import io.mybella.contracts.event.Topics;
import io.mybella.memory.erasure.PersonaReceipt;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Puts receipts into the outbox, in the transaction that they are about. */
@Component
class ErasureReceipts {

  private final Outbox outbox;
  private final String service;

  ErasureReceipts(Outbox outbox, @Value("${spring.application.name}") String service) {
    this.outbox = outbox;
    this.service = service;
  }

  @EventListener
  void publish(PersonaReceipt receipt) {
    String key = Long.toString(receipt.personaId());
    Erased erased = receipt.erased();
    outbox.publish(
        Topics.PERSONA_ERASURE,
        key,
        EventTypes.PERSONA_ERASED,
        key,
        new PersonaErased(
            erased.erasureId(), receipt.personaId(), service, erased.counts(), erased.at()));
  }
}
