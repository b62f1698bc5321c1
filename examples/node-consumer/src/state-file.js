import { readFile, rename, writeFile } from 'node:fs/promises';
import { ReadModel } from './read-model.js';

/** The read model on disk. A database would do the same in a transaction. */
export class StateFile {
  #path;

  constructor(path) {
    this.#path = path;
  }

  /** @returns {Promise<ReadModel | undefined>} nothing when there is no file yet */
  async load() {
    try {
      return new ReadModel(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch (error) {
      if (error.code === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
  }

  /** Replaces the file at once, so that a crash leaves the old one or the new one. */
  async store(model) {
    const fresh = `${this.#path}.new`;
    await writeFile(fresh, JSON.stringify(model, null, 1));
    await rename(fresh, this.#path);
  }
}
