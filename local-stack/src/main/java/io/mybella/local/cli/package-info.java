/** The command line: {@code mybella up | down | status | logs | reset}. */
@NullMarked
package io.mybella.local.cli;

import org.jspecify.annotations.NullMarked;
