package io.mybella.persona.erasure;

import io.mybella.persona.refusal.RefusalException;

/** There is no such erasure, or somebody else asked for it; the two look the same. */
public final class ErasureNotFoundException extends RefusalException {

  ErasureNotFoundException() {
    super("Erasure not found");
  }
}
