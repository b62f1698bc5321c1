/**
 * A tokenizer of this project under the class names that MaryTTS links against.
 *
 * <p>MaryTTS 5.2.1 splits text with the library JTok, which is not on Maven Central. Its English
 * pipeline needs only a handful of methods; they are written here from the calls that MaryTTS makes
 * ({@code marytts.modules.JTokeniser}), so no line of JTok is part of this project.
 */
@NullMarked
package de.dfki.lt.tools.tokenizer;

import org.jspecify.annotations.NullMarked;
