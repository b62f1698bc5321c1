package io.mybella.memory.vector;

/**
 * A direction in bytes: each component as a part of the largest, which is 127. How far two
 * directions agree is the same as in full numbers, to the third place.
 */
public final class ByteVector {

  private static final float LARGEST = 127;

  private final byte[] components;
  private final float length;

  /**
   * A vector as it is kept.
   *
   * @param components are not copied
   */
  public ByteVector(byte[] components) {
    this.components = components;
    this.length = (float) Math.sqrt(product(components, components));
  }

  /** Of a vector in full numbers. */
  public static ByteVector of(float[] vector) {
    float largest = Float.MIN_NORMAL;
    for (float each : vector) {
      largest = Math.max(largest, Math.abs(each));
    }
    byte[] components = new byte[vector.length];
    for (int i = 0; i < components.length; i++) {
      components[i] = (byte) Math.round(vector[i] / largest * LARGEST);
    }
    return new ByteVector(components);
  }

  /** Its components, not a copy of them. */
  public byte[] components() {
    return components;
  }

  /** How many components it has. */
  public int dimensions() {
    return components.length;
  }

  /**
   * The cosine of the angle between two, which is 1 when they point alike; 0 for one that points
   * nowhere.
   *
   * @param other of as many dimensions
   */
  public float cosine(ByteVector other) {
    float lengths = length * other.length;
    return lengths == 0 ? 0 : product(components, other.components) / lengths;
  }

  /**
   * No sum of 4,096 products exceeds an int. Four sums at a time take half of the time where the
   * first compiler is all there is, as in the local stack.
   */
  private static int product(byte[] one, byte[] other) {
    int first = 0;
    int second = 0;
    int third = 0;
    int fourth = 0;
    int i = 0;
    for (int end = one.length - 3; i < end; i += 4) {
      first += one[i] * other[i];
      second += one[i + 1] * other[i + 1];
      third += one[i + 2] * other[i + 2];
      fourth += one[i + 3] * other[i + 3];
    }
    for (; i < one.length; i++) {
      first += one[i] * other[i];
    }
    return first + second + third + fourth;
  }
}
