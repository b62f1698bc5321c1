/** The catalogue over HTTP: list, show, create, edit and delete personas. */
@NullMarked
package io.mybella.persona.catalog.web;

import org.jspecify.annotations.NullMarked;
