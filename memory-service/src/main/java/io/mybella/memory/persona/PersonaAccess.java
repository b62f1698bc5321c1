package io.mybella.memory.persona;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.pair.PairId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * The access rule: a user may use the personas of the system and their own. Everything else looks
 * the same: not there.
 */
@Service
public class PersonaAccess {

  private final KnownPersonas known;
  private final PersonaDirectory directory;

  PersonaAccess(KnownPersonas known, PersonaDirectory directory) {
    this.known = known;
    this.directory = directory;
  }

  /**
   * Gives the value of a statement whose verdict was positive. When the persona is not known yet,
   * because it was created a moment ago, persona-service is asked once and the statement runs
   * again. It is asked in the same way about a persona that is refused, although its answer changes
   * nothing then: how long a refusal takes must not tell whether there is such a persona.
   *
   * @throws Problem 404 when the user may not use the persona, or there is none; 503 when
   *     persona-service would have to tell and does not answer
   */
  public <T extends @Nullable Object> T checked(PairId pair, Supplier<Checked<T>> statement) {
    Checked<T> answer = statement.get();
    if (answer.verdict() == Verdict.ALLOWED) {
      return answer.value();
    }
    KnownPersona told = directory.ask(pair).orElseThrow(PersonaAccess::notThere);
    if (answer.verdict() == Verdict.REFUSED) {
      throw notThere();
    }
    known.learn(told);
    answer = statement.get();
    if (answer.verdict() != Verdict.ALLOWED) {
      throw notThere();
    }
    return answer.value();
  }

  /** The one answer for a persona that is missing, somebody else's, switched off, or gone. */
  public static Problem notThere() {
    return Problem.notFound("Persona not found");
  }
}
