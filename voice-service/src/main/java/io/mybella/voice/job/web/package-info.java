/** The jobs as callers see them. */
@NullMarked
package io.mybella.voice.job.web;

import org.jspecify.annotations.NullMarked;
