const CREATED = 'io.mybella.persona.created.v1';
const UPDATED = 'io.mybella.persona.updated.v1';
const DELETED = 'io.mybella.persona.deleted.v1';
const SWITCHED = 'io.mybella.persona.switched.v1';

/**
 * How many event ids are remembered. Repeats come soon after the first delivery: a resend after a
 * crash of the producer, or a redelivery after one of ours.
 */
const REMEMBERED = 100_000;

/**
 * Personas by id, the active persona of each user, and how often each persona was chosen.
 *
 * Two rules make it right although events arrive at least once:
 *
 * - The version rule. State is taken only from an event that is newer than what is known, so
 *   repeats and late ones change nothing. After `deleted` nothing is newer.
 * - Event ids. A count has no version: each event is counted once, by its id.
 */
export class ReadModel {
  #personas;
  #active;
  #choices;
  #seen;

  /** @param stored what `toJSON` gave earlier; nothing for an empty model */
  constructor({ personas = [], active = [], choices = [], seen = [] } = {}) {
    this.#personas = new Map(personas.map((persona) => [persona.persona_id, persona]));
    this.#active = new Map(active.map((choice) => [choice.user_id, choice]));
    this.#choices = new Map(choices);
    this.#seen = new Set(seen);
  }

  /**
   * Takes one event.
   *
   * @returns {'applied' | 'duplicate' | 'outdated' | 'ignored'} what became of it
   */
  apply(event) {
    if (this.#seen.has(event.id)) {
      return 'duplicate';
    }
    const outcome = this.#take(event.type, event.data);
    this.#remember(event.id);
    return outcome;
  }

  #take(type, data) {
    switch (type) {
      case CREATED:
      case UPDATED:
        return this.#learn(data);
      case DELETED:
        return this.#bury(data);
      case SWITCHED:
        return this.#switch(data);
      default:
        // New types may appear at any time; what is not known here is for others.
        return 'ignored';
    }
  }

  #learn(persona) {
    const known = this.#personas.get(persona.persona_id);
    if (known && (known.deleted || known.version >= persona.version)) {
      return 'outdated';
    }
    this.#personas.set(persona.persona_id, persona);
    return 'applied';
  }

  /** Keeps nothing but that it is gone: a late event must find that out. */
  #bury({ persona_id, version }) {
    if (this.#personas.get(persona_id)?.deleted) {
      return 'outdated';
    }
    this.#personas.set(persona_id, { persona_id, version, deleted: true });
    return 'applied';
  }

  #switch({ user_id, persona_id, version }) {
    this.#choices.set(persona_id, (this.#choices.get(persona_id) ?? 0) + 1);
    if ((this.#active.get(user_id)?.version ?? 0) >= version) {
      return 'outdated';
    }
    this.#active.set(user_id, { user_id, persona_id, version });
    return 'applied';
  }

  #remember(id) {
    this.#seen.add(id);
    if (this.#seen.size > REMEMBERED) {
      // A set keeps the order of insertion: this is the oldest.
      this.#seen.delete(this.#seen.values().next().value);
    }
  }

  /** How many personas live and how many users have chosen one. */
  get size() {
    const living = [...this.#personas.values()].filter((persona) => !persona.deleted);
    return { personas: living.length, users: this.#active.size };
  }

  /** All that must be stored to go on later. */
  toJSON() {
    const by = (key) => (a, b) => a[key] - b[key];
    return {
      personas: [...this.#personas.values()].sort(by('persona_id')),
      active: [...this.#active.values()].sort(by('user_id')),
      choices: [...this.#choices].sort(by(0)),
      seen: [...this.#seen],
    };
  }
}
