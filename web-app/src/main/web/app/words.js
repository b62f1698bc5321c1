/** What the elements show of what they are given: all without a page, so that it can be tested without a browser. */

const LONGEST_TRAIT = 40;
const MOST_TRAITS = 8;
const MOST_RECALLED = 10;
const TONES = 6;
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'CrOS', 'Linux'];
/** In the order of looking: Edge and Opera call themselves Chrome too, and all of them Safari. */
const BROWSERS = {Edg: 'Edge', OPR: 'Opera', Firefox: 'Firefox', Chrome: 'Chrome', Safari: 'Safari'};
/** @type {Record<string, string>} */
const VOICES = {
  custom: 'its own recorded voice',
  preset: 'its ready voice',
  default: "the platform's own voice",
};
/**
 * Why a better voice did not speak; whoever runs the platform reads the rest in its metrics.
 *
 * @type {Record<string, string>}
 */
const REASONS = {
  no_api_key: 'other voices need an ElevenLabs key',
  cloning: 'its recording is still being cloned',
  no_consent: 'its recording may not be cloned without consent',
  quota_exceeded: 'the voice quota is used up',
  voice_not_found: 'its ready voice is no longer offered',
  paid_plan_required: 'its voice is not in the plan of the voice account',
};

/**
 * The traits that are short enough to be shown as labels, in whatever language they are listed.
 *
 * @param {string} text
 */
export const traitsOf = (text) =>
  text
    .split(/[,;\n،؛、，；]/)
    .map((trait) => trait.trim())
    .filter((trait) => trait && trait.length <= LONGEST_TRAIT)
    .slice(0, MOST_TRAITS);

/**
 * What stands in for a picture: an initial, and one of six colours that stays the same for a name.
 *
 * @param {string} name
 */
export function standIn(name) {
  const [initial = '?'] = name.trim();
  const sum = [...name].reduce((before, letter) => before + Number(letter.codePointAt(0)), 0);
  return {initial: initial.toUpperCase(), tone: sum % TONES};
}

/**
 * What a reply was made with; kept in its metadata, where other applications may have put anything.
 *
 * @param {{recalled?: unknown, metadata?: Record<string, unknown> | null}} message
 * @returns {string[]} ids
 */
export function recalledFor({recalled, metadata}) {
  const ids = recalled ?? metadata?.['recalled'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string').slice(0, MOST_RECALLED) : [];
}

/** @param {{service: string, status: string}[]} services which of them have erased what they had */
export const receipts = (services) =>
  services
    .map(({service, status}) => `${service.replace(/-service$/, '')}: ${status === 'complete' ? 'erased' : 'waiting'}`)
    .join(' · ');

/**
 * Which voice spoke, and why not a better one.
 *
 * @param {{source: string, fallback: string}} speech as the headers of the answer say
 */
export function spokenWith({source, fallback}) {
  const voice = VOICES[source] ? `Spoken with ${VOICES[source]}` : '';
  const reason = fallback
    .split(', ')
    .map((code) => REASONS[code])
    .find(Boolean);
  return voice && reason ? `${voice}: ${reason}.` : voice;
}

/**
 * What people call their browser, as far as it can be told.
 *
 * @param {string} agent
 */
export function browser(agent) {
  const name = Object.entries(BROWSERS).find(([mark]) => agent.includes(`${mark}/`))?.[1];
  const system = SYSTEMS.find((mark) => agent.includes(mark));
  return [name ?? 'A browser or program', system].filter(Boolean).join(' on ');
}

/**
 * Whether the same request may succeed later.
 *
 * @param {{status?: number}} problem
 */
export const mayPass = ({status}) => status !== undefined && (status === 0 || status === 429 || status >= 500);

/**
 * What keeps a persona from being saved, before anybody is asked.
 *
 * @param {{name?: string}} persona
 * @param {import('./voice-picker.js').Choice} voice
 * @returns {Wrong}
 */
export function missing(persona, voice) {
  /** @type {Wrong} */
  const wrong = {};
  if (!persona.name?.trim()) wrong.name = 'Give your persona a name.';
  if (voice.kind === 'recording' && !voice.file) wrong.voice_file = 'Choose a recording, or a ready voice.';
  else if (voice.kind === 'recording' && !voice.consent) {
    wrong.voice_file = 'A recording needs the consent of the person who speaks.';
  }
  return wrong;
}
