import { readFileSync } from 'node:fs';

const EXAMPLES = new URL('../../../contracts/examples/', import.meta.url);

/**
 * The contract's golden example of a type, as kafkajs would deliver it.
 *
 * @param type the CloudEvents type
 * @param id another event id than the example's
 * @param data members that differ from the example's
 */
export function golden(type, id, data = {}) {
  const example = json(`${type}.json`);
  const headers = { ...json(`${type}.headers.json`), ...(id && { ce_id: id }) };
  return {
    key: Buffer.from(headers.ce_subject),
    value: Buffer.from(JSON.stringify({ ...example, ...data })),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]),
    ),
  };
}

function json(name) {
  return JSON.parse(readFileSync(new URL(name, EXAMPLES), 'utf8'));
}
