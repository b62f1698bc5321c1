/**
 * Speaks with a language model over OpenAI's chat completions. It knows messages, their bounds and
 * what the model says to them; what a message is made of is the business of the service that asks.
 */
@NullMarked
package io.mybella.model;

import org.jspecify.annotations.NullMarked;
