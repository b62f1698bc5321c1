/**
 * The engine that has a language model reply: what the model is told of the persona and its memory.
 */
@NullMarked
package io.mybella.chat.model;

import org.jspecify.annotations.NullMarked;
