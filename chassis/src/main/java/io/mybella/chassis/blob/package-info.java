/**
 * Binary objects (pictures, samples, audio) behind one seam: a folder on one machine, an object
 * store elsewhere.
 */
@NullMarked
package io.mybella.chassis.blob;

import org.jspecify.annotations.NullMarked;
