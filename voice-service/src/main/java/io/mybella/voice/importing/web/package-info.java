/** The import over HTTP, for the operator alone. */
@NullMarked
package io.mybella.voice.importing.web;

import org.jspecify.annotations.NullMarked;
