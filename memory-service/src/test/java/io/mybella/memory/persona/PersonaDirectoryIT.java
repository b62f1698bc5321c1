package io.mybella.memory.persona;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

class PersonaDirectoryIT extends MemoryServiceTest {

  @Autowired private CircuitBreakerRegistry breakers;
  @Autowired private KnownPersonas known;

  @BeforeEach
  @AfterEach
  void freshStart() {
    PERSONA_SERVICE.resetAll();
    breakers.circuitBreaker("persona-service").reset();
  }

  @Test
  void aPersonaCreatedAMomentAgoIsAskedForOnceWithTheCallersToken() {
    PairId pair = new PairId(newId(), newId());
    personaServiceTells(pair.personaId(), true);
    say(pair, "hello");
    say(pair, "again");
    assertThat(texts(pair)).containsExactly("hello", "again");
    PERSONA_SERVICE.verify(
        1,
        getRequestedFor(urlEqualTo("/api/personas/" + pair.personaId()))
            .withHeader("Authorization", matching("Bearer ey.*"))
            .withHeader("X-Request-Id", matching(".+")));
  }

  @Test
  void whatWasToldIsForItsOwnerAlone() {
    PairId pair = new PairId(newId(), newId());
    personaServiceTells(pair.personaId(), true);
    say(pair, "hello");
    history(new PairId(newId(), pair.personaId())).expectStatus().isNotFound();
  }

  @Test
  void aSystemPersonaIsForEverybody() {
    long personaId = newId();
    personaServiceTells(personaId, false);
    say(new PairId(newId(), personaId), "hello");
    PERSONA_SERVICE.resetAll();
    say(new PairId(newId(), personaId), "hello");
  }

  @Test
  void anEventIsAlwaysNewerThanWhatWasTold() {
    PairId pair = new PairId(newId(), newId());
    personaServiceTells(pair.personaId(), true);
    say(pair, "hello");
    known.learn(new KnownPersona(pair.personaId(), newId(), true, 1));
    history(pair).expectStatus().isNotFound();
  }

  @Test
  void aPersonaThatIsSwitchedOffIsThereForThoseWhomItRemembers() {
    PairId pair = newPair();
    PairId other = new PairId(newId(), systemPersona());
    PairId stranger = new PairId(newId(), other.personaId());
    say(pair, "hello");
    say(other, "hello");
    known.learn(new KnownPersona(pair.personaId(), pair.userId(), false, 2));
    known.learn(new KnownPersona(other.personaId(), null, false, 2));

    history(pair).expectStatus().isOk();
    history(other).expectStatus().isOk();
    history(stranger).expectStatus().isNotFound();
    history(new PairId(newId(), pair.personaId())).expectStatus().isNotFound();
  }

  @Test
  void whatPersonaServiceDoesNotKnowIs404() {
    history(new PairId(newId(), newId())).expectStatus().isNotFound();
  }

  @Test
  void aDeadPersonaServiceIs503AndTheBreakerSparesIt() {
    for (int i = 0; i < 10; i++) {
      PairId pair = new PairId(newId(), newId());
      PERSONA_SERVICE.stubFor(
          get(urlEqualTo("/api/personas/" + pair.personaId()))
              .willReturn(
                  i % 2 == 0
                      ? aResponse().withStatus(500)
                      : aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
      history(pair).expectStatus().isEqualTo(503).expectHeader().exists("Retry-After");
    }
    assertThat(breakers.circuitBreaker("persona-service").getState())
        .isEqualTo(CircuitBreaker.State.OPEN);
    PERSONA_SERVICE.resetRequests();
    history(new PairId(newId(), newId()))
        .expectStatus()
        .isEqualTo(503)
        .expectHeader()
        .exists("Retry-After");
    assertThat(PERSONA_SERVICE.getAllServeEvents()).isEmpty();
    PairId heardOf = newPair();
    say(heardOf, "what is known needs no persona-service");
  }

  @Test
  void aRefusalTakesTheSameStepsWhetherThereIsSuchAPersonaOrNot() {
    long caller = newId();
    long foreign = personaOf(newId());
    long switchedOff = newId();
    known.learn(new KnownPersona(switchedOff, caller, false, 1));
    for (long personaId : new long[] {foreign, switchedOff, newId()}) {
      history(new PairId(caller, personaId)).expectStatus().isNotFound();
      PERSONA_SERVICE.verify(1, getRequestedFor(urlEqualTo("/api/personas/" + personaId)));
    }
    breakers.circuitBreaker("persona-service").transitionToOpenState();
    for (long personaId : new long[] {foreign, switchedOff, newId()}) {
      history(new PairId(caller, personaId)).expectStatus().isEqualTo(503);
    }
  }

  @Test
  void aCallerWhomPersonaServiceDoesNotServeFindsNothingAndTheBreakerStaysClosed() {
    for (int i = 0; i < 12; i++) {
      PairId pair = new PairId(newId(), newId());
      PERSONA_SERVICE.stubFor(
          get(urlEqualTo("/api/personas/" + pair.personaId()))
              .willReturn(aResponse().withStatus(i % 2 == 0 ? 401 : 403)));
      history(pair).expectStatus().isNotFound();
    }
    assertThat(breakers.circuitBreaker("persona-service").getState())
        .isEqualTo(CircuitBreaker.State.CLOSED);
  }

  private ResponseSpec history(PairId pair) {
    return as(pair.userId()).get().uri(messages(pair)).exchange();
  }

  private static void personaServiceTells(long personaId, boolean custom) {
    PERSONA_SERVICE.stubFor(
        get(urlEqualTo("/api/personas/" + personaId))
            .willReturn(
                okJson(
                    "{\"id\":%d,\"name\":\"Sam\",\"is_custom\":%s,\"is_current\":false}"
                        .formatted(personaId, custom))));
  }
}
