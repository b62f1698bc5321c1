/** The personas as this service knows them: a read model of their events, and who may do what. */
@NullMarked
package io.mybella.voice.persona;

import org.jspecify.annotations.NullMarked;
