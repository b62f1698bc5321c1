/**
 * Understanding without a model: the conversation's own sentences and words, chosen by how often
 * they come. It needs no service, answers the same each time and costs milliseconds.
 *
 * <p>Language is recognised by its stop words; those and the stems of words are Apache Lucene's.
 * Moods and what counts as a fact stand in word lists of our own, {@code mood.xx.txt} and {@code
 * facts.xx.txt}; a language without them has neither, and one that nobody knows has no stop words.
 */
@NullMarked
package io.mybella.memory.understanding.extract;

import org.jspecify.annotations.NullMarked;
