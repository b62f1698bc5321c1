/** The web app: its pages, what they may load, and the files they are made of. */
@NullMarked
package io.mybella.web;

import org.jspecify.annotations.NullMarked;
