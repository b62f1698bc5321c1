/** The command line: {@code mybella up | down | status | logs | reset | import}. */
@NullMarked
package io.mybella.local.cli;

import org.jspecify.annotations.NullMarked;
